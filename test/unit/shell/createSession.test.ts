import { beforeEach, describe, expect, test, vi } from 'vitest';
import { createSession } from '../../../src/shell/createSession.ts';
import { identityCenterConnection, identityCenterSession } from '../fakes/examples.ts';
import { screen } from '../fakes/screen.ts';
import { shellWorld } from '../fakes/shellWorld.ts';
import { rejectionOf } from '../fakes/thrownBy.ts';

vi.mock('vscode', async () => import('../fakes/vscodeOnScreen.ts'));

const { scopes } = identityCenterSession.tokenSet;

beforeEach(() => {
  screen.clear();
});

describe('createSession', () => {
  test('signs in to the connection of the request, as a sign-in with arguments does', async () => {
    const { context, begun } = await shellWorld({ connections: [identityCenterConnection] });
    const request = { scopes, account: undefined, isChosen: () => true };
    await createSession(context, 'identityCenter', request);
    expect(begun).toMatchObject([{ connection: identityCenterConnection, request: { scopes } }]);
    expect(screen.allMessages).toEqual([]);
  });

  test('asks nothing and sends nothing if the pseudo-scope does not match a connection', async () => {
    const { context, begun } = await shellWorld({ connections: [identityCenterConnection] });
    const named = 'startUrl:https://elsewhere.example/start';
    const request = { scopes: [named], account: undefined, isChosen: () => false };
    expect(await rejectionOf(createSession(context, 'identityCenter', request))).toMatchObject({
      kind: 'invalidInput',
      details: { operation: 'connection', input: named },
    });
    expect([begun, screen.allMessages]).toEqual([[], []]);
  });
});
