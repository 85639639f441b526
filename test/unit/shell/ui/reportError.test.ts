import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { l10n } from 'vscode';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import type { ErrorDetails, SignInErrorKind } from '../../../../src/core/oauth/errors.ts';
import { reportError, tryAgain } from '../../../../src/shell/ui/reportError.ts';
import { screen } from '../../fakes/screen.ts';
import { settleUntil } from '../../fakes/settle.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeOnScreen.ts'));

beforeEach(() => screen.clear());
afterEach(() => void vi.restoreAllMocks());

/** Reports an error and presses a button. @returns the message */
async function reported(error: unknown, pressed?: string, ...runs: readonly (() => Promise<unknown>)[]) {
  const done = reportError(error, ...runs.map((run) => tryAgain(run)));
  await settleUntil(() => screen.messages.length > 0);
  const { message } = screen;
  message.answer(pressed);
  await done;
  return message;
}

describe('reportError', () => {
  test.each<[string, unknown]>([
    ['was canceled', new SignInError('cancelled')],
    ['ran out after the person had left it', new SignInError('codeExpired', { reason: 'abandoned' })],
  ])('shows nothing for a sign-in that %s', async (_name, error) => {
    await reportError(error);
    expect(screen.allMessages).toEqual([]);
  });

  test.each<[SignInErrorKind, ErrorDetails, string]>([
    ['denied', {}, 'information'],
    ['denied', { code: 'login_required' }, 'error'],
    ['network', {}, 'error'],
  ])('shows %s %o as %s', async (kind, details, severity) => {
    expect(await reported(new SignInError(kind, details))).toMatchObject({ severity });
  });

  test('offers a retry first, which runs when selected', async () => {
    const run = vi.fn(async () => {});
    const { buttons } = await reported(new SignInError('timeout'), 'Try Again', run);
    expect(buttons).toEqual(['Try Again', 'Show Log']);
    expect(run).toHaveBeenCalledOnce();
  });

  test('opens the relevant setting, unless it can be edited here', async () => {
    const error = new SignInError('metadataMissing', { host: 'example.okta.com' });
    expect((await reported(error, 'Open Settings')).buttons).toContain('Open Settings');
    expect(screen.executed).toEqual([['workbench.action.openSettings', 'developerSignIn.connections']]);
    const done = reportError(error, { label: 'Edit Issuer…', run: async () => {}, isEdit: true });
    await settleUntil(() => screen.messages.length > 0);
    expect(screen.message.buttons).not.toContain('Open Settings');
    screen.message.answer(undefined);
    await done;
  });

  test('with four buttons showed none of them whole: the log is left to its command', async () => {
    const error = new SignInError('registrationRefused', { host: 'example.okta.com' });
    const edit = { label: 'Edit Client ID…', run: async () => {}, isEdit: true };
    const done = reportError(
      error,
      edit,
      tryAgain(async () => {}),
    );
    await settleUntil(() => screen.messages.length > 0);
    expect(screen.message.buttons).toEqual(['Edit Client ID…', 'Try Again', 'Copy for Administrator']);
    screen.message.answer(undefined);
    await done;
  });

  test.each([
    ['policy', ['Try Again', 'Open Settings', 'Copy for Administrator']],
    ['scopeRefused', ['Wiederholen', 'Für Administrator kopieren']],
    ['notAssigned', ['Anderes Konto verwenden', 'Für Administrator kopieren']],
    ['network', ['Wiederholen', 'Protokoll anzeigen']],
  ] as const)('a German notification was too wide for its three buttons (%s)', async (kind, buttons) => {
    const german: Readonly<Record<string, string>> = {
      'Open Settings': 'Einstellungen öffnen',
      'Copy for Administrator': 'Für Administrator kopieren',
      'Show Log': 'Protokoll anzeigen',
    };
    const isEnglish = buttons[0] === 'Try Again';
    const translate = isEnglish ? undefined : vi.spyOn(l10n, 't');
    translate?.mockImplementation(((text: string) => german[text] ?? text) as never);
    const details = kind === 'scopeRefused' ? { code: 'not_allowed' } : {};
    const done = reportError(new SignInError(kind, details), { label: buttons[0], run: async () => {} });
    await settleUntil(() => screen.messages.length > 0);
    expect(screen.message.buttons).toEqual(buttons);
    screen.message.answer(undefined);
    await done;
  });

  test('copies for an administrator what to search for in a server’s log', async () => {
    const details = { host: 'example.okta.com', status: 403, code: 'access_denied', requestId: 'r1' };
    await reported(new SignInError('policy', details), 'Copy for Administrator');
    expect(screen.clipboard.split('\n').slice(1)).toEqual([
      'Host: example.okta.com',
      'HTTP status: 403',
      'Error code: access_denied',
      'Request ID: r1',
    ]);
  });

  test('an ID that support asks for stood between the reason and what to do', async () => {
    const details = { host: 'example.okta.com', status: 403, description: 'Not now.', requestId: 'r1' };
    const { message } = await reported(new SignInError('requestRefused', details), 'Show Log');
    expect(message).toMatch(/“Not now\.” [A-Z][^:]+\. Request ID: r1\.$/);
  });

  test('reports an internal error as such, with the log', async () => {
    const { message, buttons } = await reported(new TypeError('x is not a function'), 'Show Log');
    expect(message).not.toContain('x is not a function');
    expect(buttons).toEqual(['Show Log']);
    expect(screen.executed).toEqual([['developerSignIn.showLog']]);
  });
});
