import { beforeEach, describe, expect, test, vi } from 'vitest';
import { chooseSubject } from '../../../../src/shell/setup/setupSubject.ts';
import { oktaConnection } from '../../fakes/examples.ts';
import { screen } from '../../fakes/screen.ts';
import { settleUntil } from '../../fakes/settle.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeOnScreen.ts'));

const settings = {
  endpoints: { oidc: '', portal: '' },
  redirectPorts: [8008],
  identityCenterFlow: 'deviceCode',
  host: 'local',
} as const;
const configured = { ...oktaConnection, name: 'Work' };

beforeEach(() => screen.clear());

describe('04.11: Check setup with arguments', () => {
  test.each([
    ['other scopes', { scopes: ['okta.users.manage'] }, /Scopes: okta\.users\.manage/],
    ['another port', { redirectPorts: [80] }, /Callback ports: 80/],
    ['another flow', { flow: 'deviceCode' }, /Sign-in method: device code/],
  ])('for a configured connection with %s asks first, and shows them', async (_, more, words) => {
    const given = { connection: { ...oktaConnection, ...more } };
    const done = rejectionOf(chooseSubject([configured], given, settings));
    await settleUntil(() => screen.messages.length > 0);
    expect(screen.message).toMatchObject({ isModal: true, severity: 'warning' });
    expect(screen.message.detail).toMatch(words);
    screen.message.answer(undefined);
    expect(await done).toMatchObject({ kind: 'cancelled' });
  });

  test('for a configured connection and nothing more takes the configured one', async () => {
    const given = { connection: { ...oktaConnection, name: 'Anything' } };
    const subject = await chooseSubject([configured], given, settings);
    expect(subject).toEqual({ document: 'kiro', connection: configured });
    expect(screen.allMessages).toEqual([]);
  });

  test('for another connection shows all that will be sent', async () => {
    const done = chooseSubject([], { connection: { ...oktaConnection, redirectPorts: [81] } }, settings);
    await settleUntil(() => screen.messages.length > 0);
    expect(screen.message.detail.split('\n')).toEqual([
      'Type: Okta',
      'Host: example.okta.com',
      `Issuer: ${oktaConnection.issuer}`,
      `Client ID: ${oktaConnection.clientId}`,
      'Scopes: codewhisperer:completions codewhisperer:conversations offline_access',
      'Sign-in method: browser redirect',
      'Callback ports: 81',
    ]);
    screen.message.answer('Check it');
    expect(await done).toMatchObject({ connection: { redirectPorts: [81] } });
  });
});
