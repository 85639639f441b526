import { describe, expect, test, vi } from 'vitest';
import type { Connection } from '../../../../src/core/connection/connection.ts';
import type { SsoSession, SsoSessionsFound } from '../../../../src/features/ssoSession.ts';
import { offerConnections } from '../../../../src/shell/signIn/signInQuestions.ts';
import { fileTroubleMessage } from '../../../../src/shell/connections/entryMessages.ts';
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
  test('F6: of two sections for one portal both are offered, by name', async () => {
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

  test('F6: portals of profiles without a section are offered, each once, by the name of the portal', async () => {
    const other = 'https://other.awsapps.com/start';
    const { found, fileTroubles } = await offerOf({
      sections: [section('admin')],
      portals: [
        { startUrl: `${startUrl}#/`, region },
        { startUrl: other, region },
        { startUrl: `${other}/`, region: region.toUpperCase() },
        { startUrl: 'none such', region },
      ],
    });
    expect(found.map(({ name }) => name)).toEqual(['admin', 'other']);
    expect(found[1]).toMatchObject({ type: 'identityCenter', startUrl: other, region });
    expect(fileTroubles).toEqual([]);
  });

  test('sections that the settings have are not offered again', async () => {
    expect(
      (await offerOf({ sections: [section('a'), section('b')] }, [identityCenterConnection])).found,
    ).toEqual([]);
  });

  test('F6: what cannot be used is listed, with the reason', async () => {
    const { found, fileTroubles } = await offerOf({
      sections: [section('good'), section('empty', [], ''), section('comment', [], `${startUrl} # portal`)],
      problems: [
        { line: 4, reason: 'sectionName', section: 'sso-session Acme Dev' },
        { line: 8, reason: 'encoding' },
      ],
    });
    expect(found.map(({ name }) => name)).toEqual(['good']);
    expect(fileTroubles.map(fileTroubleMessage)).toEqual([
      '[sso-session empty] can’t be used: sso_start_url is missing.',
      expect.stringMatching(/^\[sso-session comment\] can’t be used: /),
      'The AWS CLI ignores [sso-session Acme Dev]: a name with spaces needs quotes, as in [sso-session "Acme Dev"].',
      'The AWS CLI can’t read /home/ana/.aws/config: save it as UTF-8 without a byte order mark.',
    ]);
  });
});
