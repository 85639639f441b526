import { describe, expect, test, vi } from 'vitest';
import type { Connection } from '../../../../src/core/connection/connection.ts';
import type { SsoSession, SsoSessionsFound } from '../../../../src/features/ssoSession.ts';
import { offerConnections } from '../../../../src/shell/signIn/signInQuestions.ts';
import { identityCenterConnection } from '../../fakes/examples.ts';
import { fakeLog } from '../../fakes/fakeLog.ts';

vi.mock('vscode', async () => import('../../fakes/vscode.ts'));

const { startUrl, region } = identityCenterConnection;
const file = '/home/ana/.aws/config';
const section = (name: string, scopes: readonly string[] = [], url = startUrl): SsoSession => ({
  ...{ name, region, scopes },
  startUrl: url,
});

async function offerOf(found: Omit<SsoSessionsFound, 'file'>, configured: readonly Connection[] = []) {
  return offerConnections({
    connections: async () => configured,
    log: fakeLog(),
    memento: { get: (_key: string, fallback: unknown) => fallback } as never,
    organization: async () => ({ file: '', state: 'none', policy: {}, files: [] }),
    ssoSessions: async () => ({ file, ...found }),
  });
}

describe('offerConnections', () => {
  test('F6: offers both of two sections for one portal, by name', async () => {
    const sections = [
      section('admin', ['sso:account:access']),
      section('editor', ['codewhisperer:completions']),
    ];
    const { found } = await offerOf({ sections });
    expect(found.map(({ name, scopes }) => [name, scopes])).toEqual([
      ['admin', ['sso:account:access']],
      ['editor', ['codewhisperer:completions']],
    ]);
  });

  test('does not offer sections again that are in the settings', async () => {
    expect(
      (await offerOf({ sections: [section('a'), section('b')] }, [identityCenterConnection])).found,
    ).toEqual([]);
  });

  test('the policy, the settings and the AWS configuration were read one after the other', async () => {
    const asked: string[] = [];
    const { promise: answers, resolve: answer } = Promise.withResolvers<undefined>();
    const reading =
      <T>(what: string, value: T) =>
      async (): Promise<T> => {
        asked.push(what);
        await answers;
        return value;
      };
    const offer = offerConnections({
      connections: reading('settings', [identityCenterConnection]),
      log: fakeLog(),
      memento: { get: (_key: string, fallback: unknown) => fallback } as never,
      organization: reading('policy', { file: '', state: 'none', policy: {}, files: [] } as const),
      ssoSessions: reading('AWS configuration', { file, sections: [] }),
    });
    expect(asked.sort()).toEqual(['AWS configuration', 'policy', 'settings']);
    answer(undefined);
    expect((await offer).configured).toEqual([identityCenterConnection]);
  });
});
