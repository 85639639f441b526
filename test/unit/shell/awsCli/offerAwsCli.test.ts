import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Connection } from '../../../../src/core/connection/connection.ts';
import type { Session } from '../../../../src/core/session/session.ts';
import { offerAwsCli } from '../../../../src/shell/awsCli/offerAwsCli.ts';
import { identityCenterConnection, identityCenterSession, oktaSession } from '../../fakes/examples.ts';
import { screen } from '../../fakes/screen.ts';
import { settleUntil } from '../../fakes/settle.ts';
import { shellWorld } from '../../fakes/shellWorld.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeOnScreen.ts'));

beforeEach(() => screen.clear());

const wished: Connection = { ...identityCenterConnection, awsCli: 'work' };

async function world(connections: readonly Connection[] = [wished]) {
  const all = await shellWorld({ connections });
  const awsCliPaths = async () => ({ hostName: 'devbox' }) as never;
  return { ...all, context: { ...all.context, awsCliPaths } };
}

/** Shows the offer, and presses a button. */
async function offered(context: Awaited<ReturnType<typeof world>>['context'], pressed?: string) {
  const done = offerAwsCli(context, identityCenterSession);
  await settleUntil(() => screen.messages.length > 0);
  const { message } = screen;
  message.answer(pressed);
  await done;
  return message;
}

describe('offerAwsCli', () => {
  test.each<[string, Session, readonly Connection[]]>([
    ['which the AWS CLI cannot have', oktaSession, [wished]],
    ['that is shared', { ...identityCenterSession, awsCli: { name: 'work' } }, [wished]],
    ['whose connection does not ask for it', identityCenterSession, [identityCenterConnection]],
    ['whose connection is not in the settings', identityCenterSession, []],
  ])('offers nothing for a session %s', async (_name, session, connections) => {
    const { context } = await world(connections);
    await offerAwsCli(context, session);
    expect(screen.allMessages).toEqual([]);
  });

  test('offers nothing if the organization does not allow it', async () => {
    const { context, allowOnly } = await world();
    allowOnly({ allowCliCache: false });
    await offerAwsCli(context, identityCenterSession);
    expect(screen.allMessages).toEqual([]);
  });

  test('runs the command that explains it', async () => {
    const { context } = await world();
    const { message } = await offered(context, 'Review…');
    expect(message).toContain('on devbox');
    expect(screen.executed).toEqual([
      ['developerSignIn.shareWithAwsCli', { sessionId: identityCenterSession.id }],
    ]);
  });

  test('offers once: a no on this machine is remembered', async () => {
    const { context } = await world();
    await offered(context, 'Not on This Computer');
    await offerAwsCli(context, identityCenterSession);
    expect(screen.allMessages).toHaveLength(1);
    expect(screen.executed).toEqual([]);
  });
});
