import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Session } from '../../../src/core/session/session.ts';
import { registerProvider } from '../../../src/shell/authenticationProvider.ts';
import { identityCenterConnection, identityCenterSession, january } from '../fakes/examples.ts';
import { screen } from '../fakes/screen.ts';
import { settleUntil } from '../fakes/settle.ts';
import { shellWorld } from '../fakes/shellWorld.ts';
import { rejectionOf } from '../fakes/thrownBy.ts';
import { authenticationProviders } from '../fakes/vscode.ts';

vi.mock('vscode', async () => import('../fakes/vscodeOnScreen.ts'));

const { scopes } = identityCenterSession.tokenSet;
const wider = [...scopes, 'sso:account:access'];

beforeEach(() => {
  screen.clear();
  vi.useFakeTimers({ toFake: ['Date'], now: january });
});
afterEach(() => {
  vi.useRealTimers();
  authenticationProviders.clear();
});

async function providerOf(stored: readonly Session[] = []) {
  const world = await shellWorld({ connections: [identityCenterConnection], stored });
  registerProvider(world.context, 'identityCenter');
  const provider = authenticationProviders.get('iam-identity-center');
  if (provider === undefined) throw new Error('No provider was registered.');
  return { ...world, provider };
}

describe('registerProvider: createSession', () => {
  test.each([
    ['the usual scopes', scopes],
    ['fewer', scopes.slice(0, 1)],
    [
      'the usual ones with openid and offline_access, which are not rights',
      [...scopes, 'openid', 'offline_access'],
    ],
  ])('asks nothing for %s', async (_, asked) => {
    const { provider, begun } = await providerOf();
    expect((await provider.createSession(asked, {})).accessToken).toBe('access-1');
    expect(begun.map(({ request }) => request)).toEqual([{ scopes: asked }]);
    expect(screen.allMessages).toEqual([]);
  });

  test('07.05: shows scopes beyond the connection for confirmation, since others share the token', async () => {
    const { provider, begun } = await providerOf();
    const refused = rejectionOf(Promise.resolve(provider.createSession(wider, {})));
    await settleUntil(() => screen.messages.length > 0);
    expect(screen.message.isModal).toBe(true);
    expect(screen.message.detail).toContain('sso:account:access');
    screen.message.answer(undefined);
    expect(await refused).toMatchObject({ kind: 'cancelled' });
    expect(begun).toEqual([]);
    const created = provider.createSession(wider, {});
    await settleUntil(() => screen.messages.length > 0);
    screen.message.answer(screen.message.buttons[0]);
    await created;
    expect(begun.map(({ request }) => request.scopes)).toEqual([wider]);
  });

  test('F15: signs in again to a session that lacks a permission, without asking for the account', async () => {
    const { provider, begun } = await providerOf([identityCenterSession]);
    const created = provider.createSession(wider, {});
    await settleUntil(() => screen.messages.length > 0);
    screen.message.answer(screen.message.buttons[0]);
    await created;
    expect(begun.map(({ request }) => request)).toEqual([{ scopes: wider, account: 'Example' }]);
    expect(screen.input).toBeUndefined();
  });
});

test.each([
  ['what spaces would push out of a question', `openid${' '.repeat(5000)}okta.users.manage`],
  ['two in one', 'openid sso:account:access'],
  ['a line of its own', 'openid\nClient ID: 0oa1'],
  ['nothing', ''],
])('A02: rejects a scope with %s before anything is asked or sent', async (_, scope) => {
  const { provider, begun } = await providerOf();
  const refused = await rejectionOf(Promise.resolve(provider.createSession([scope], {})));
  expect(refused).toMatchObject({
    kind: 'invalidInput',
    details: { operation: 'arguments', input: 'scopes' },
  });
  expect([begun, screen.allMessages]).toEqual([[], []]);
});

test('A03: rejects more scopes than a dialog can show', async () => {
  const { provider, begun } = await providerOf();
  const many = Array.from({ length: 60 }, (_, index) => `sso:account:${'a'.repeat(40)}${index}`);
  const refused = await rejectionOf(Promise.resolve(provider.createSession([...scopes, ...many], {})));
  expect(refused).toMatchObject({ kind: 'invalidInput', details: { reason: 'tooLong' } });
  expect([begun, screen.allMessages]).toEqual([[], []]);
});

test('A04: shows no icon or link in an account label that VS Code draws', async () => {
  const label = '$(verified-filled) Admin [x](command:y) (d-1234567890.awsapps.com)';
  const account = { id: 'aws x', label, name: '$(verified-filled) Admin [x](command:y)' };
  const { provider } = await providerOf([{ ...identityCenterSession, account }]);
  const [session] = await provider.getSessions(undefined, {});
  expect(session?.account).toEqual({
    id: 'aws x',
    label: '$ (verified-filled) Admin [x] (command:y) (d-1234567890.awsapps.com)',
  });
});
