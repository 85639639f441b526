import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Connection } from '../../../../src/core/connection/connection.ts';
import type { LostSession } from '../../../../src/core/session/session.ts';
import { builderIdConnection } from '../../../../src/shell/providers/builderId.ts';
import { signInAgain, signInForAwsCli } from '../../../../src/shell/signIn/signInAgain.ts';
import { identityCenterSession, oktaConnection } from '../../fakes/examples.ts';
import { screen } from '../../fakes/screen.ts';
import { settle, settleUntil } from '../../fakes/settle.ts';
import { shellWorld } from '../../fakes/shellWorld.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeOnScreen.ts'));

beforeEach(() => screen.clear());

const id = 'ab'.repeat(16);
const hostile: Connection = { ...oktaConnection, name: 'Your company', issuer: 'https://evil.example' };

/** A window with a lost session; its note comes from the folder, without a seal. */
async function losing(connection: Connection, connections: readonly Connection[]) {
  const world = await shellWorld({ connections });
  const lost: LostSession = { id, accountLabel: 'ada@example.com (example.okta.com)', connection };
  vi.spyOn(world.sessions, 'list').mockResolvedValue({ sessions: [], lost: [lost] });
  return world;
}

describe('signInAgain and signInForAwsCli', () => {
  test('A07: a note of a lost session leads to an unconfigured server only after a yes', async () => {
    const { context, begun } = await losing(hostile, [oktaConnection]);
    const done = signInAgain(context, id);
    await settleUntil(() => screen.messages.length > 0);
    expect(screen.message.isModal).toBe(true);
    expect(screen.message.detail).toContain('evil.example');
    expect(begun).toEqual([]);
    screen.message.answer(undefined);
    await done;
    expect(begun).toEqual([]);
    const again = signInAgain(context, id);
    await settleUntil(() => screen.messages.length > 0);
    screen.message.answer(screen.message.buttons[0]);
    await again;
    expect(begun.map(({ connection }) => connection)).toEqual([hostile]);
  });

  test.each([
    ['of a configured connection', oktaConnection],
    ['of AWS Builder ID', builderIdConnection],
  ])('A07: signs in again to a lost session %s without a question', async (_, connection) => {
    const { context, begun } = await losing(connection, [oktaConnection]);
    await signInAgain(context, id);
    expect(begun.map((one) => one.connection)).toEqual([connection]);
    expect(screen.allMessages).toEqual([]);
  });

  test("a sign-in for the AWS CLI adds its scope to the session's, and does not offer sharing", async () => {
    const { connection, tokenSet } = identityCenterSession;
    const { context, begun } = await shellWorld({
      stored: [identityCenterSession],
      connections: [{ ...connection, awsCli: 'elsewhere' }],
    });
    await signInForAwsCli(context, identityCenterSession, ['sso:account:access']);
    expect(begun.map(({ request }) => request.scopes)).toEqual([[...tokenSet.scopes, 'sso:account:access']]);
    await settle();
    expect(screen.allMessages.map(({ message }) => message)).toEqual([
      expect.stringContaining('didn’t grant sso:account:access'), // Once: sharing does not repeat it.
    ]);
  });
});
