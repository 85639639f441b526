import { beforeEach, describe, expect, test, vi } from 'vitest';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import { askBrowserPage } from '../../../../src/shell/setup/askBrowserPage.ts';
import { identityCenterConnection, oktaConnection } from '../../fakes/examples.ts';
import { screen } from '../../fakes/screen.ts';
import { settleUntil } from '../../fakes/settle.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeOnScreen.ts'));

beforeEach(() => screen.clear());

const givenUp = new SignInError('cancelled', { reason: 'browserOpened' });
const never = new AbortController().signal;

describe('askBrowserPage', () => {
  test('the answer becomes the reason of the error, and the error its cause', async () => {
    const asked = askBrowserPage(identityCenterConnection, givenUp, never);
    await settleUntil(() => screen.input !== undefined);
    screen.pick.choose('A message that I’m not assigned');
    expect(await asked).toMatchObject({
      kind: 'cancelled',
      details: { reason: 'notAssignedPage' },
      cause: givenUp,
    });
  });

  test('closing the list leaves the error unchanged', async () => {
    const asked = askBrowserPage(oktaConnection, givenUp, never);
    await settleUntil(() => screen.input !== undefined);
    screen.pick.escape();
    expect(await asked).toBe(givenUp);
  });

  test('stopping a run closes the list', async () => {
    const stop = new AbortController();
    const asked = askBrowserPage(oktaConnection, givenUp, stop.signal);
    await settleUntil(() => screen.input !== undefined);
    stop.abort();
    expect(await asked).toBe(givenUp);
    expect(screen.input).toBeUndefined();
  });

  test.each([
    ['what a server said', new SignInError('denied'), never],
    ['a sign-in whose browser was not opened', new SignInError('cancelled'), never],
    ['a run that is stopped', givenUp, AbortSignal.abort()],
  ])('asks nothing after %s', async (_, error, signal) => {
    expect(await askBrowserPage(oktaConnection, error, signal)).toBe(error);
    expect(screen.input).toBeUndefined();
  });
});
