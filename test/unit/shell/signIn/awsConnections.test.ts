import { describe, expect, test, vi } from 'vitest';
import type { SsoSession, SsoSessionsFound } from '../../../../src/features/ssoSession.ts';
import { fileProblemMessage } from '../../../../src/shell/connections/entryMessages.ts';
import { findAwsConnections } from '../../../../src/shell/signIn/awsConnections.ts';
import { identityCenterConnection } from '../../fakes/examples.ts';
import { fakeLog } from '../../fakes/fakeLog.ts';

vi.mock('vscode', async () => import('../../fakes/vscode.ts'));

const { startUrl, region } = identityCenterConnection;
const section = (name: string, scopes: readonly string[] = [], url = startUrl): SsoSession => ({
  ...{ name, region, scopes },
  startUrl: url,
});

async function find(found: Omit<SsoSessionsFound, 'file'>) {
  const ssoSessions = async () => ({ file: '/home/ana/.aws/config', ...found });
  return findAwsConnections({ log: fakeLog(), ssoSessions });
}

describe('findAwsConnections', () => {
  test("F6: offers portals of profiles without a section, each once, by the portal's name", async () => {
    const other = 'https://other.awsapps.com/start';
    const { found, fileProblems } = await find({
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
    expect(fileProblems).toEqual([]);
  });

  test('F6: lists invalid ones with the reason', async () => {
    const { found, fileProblems } = await find({
      sections: [section('good'), section('empty', [], ''), section('comment', [], `${startUrl} # portal`)],
      problems: [
        { line: 4, reason: 'sectionName', section: 'sso-session Acme Dev' },
        { line: 8, reason: 'encoding' },
      ],
    });
    expect(found.map(({ name }) => name)).toEqual(['good']);
    expect(fileProblems.map(fileProblemMessage)).toEqual([
      '[sso-session empty] can’t be used: sso_start_url is missing.',
      expect.stringMatching(/^\[sso-session comment\] can’t be used: /),
      'The AWS CLI ignores [sso-session Acme Dev]: a name with spaces needs quotes, as in [sso-session "Acme Dev"].',
      'The AWS CLI can’t read /home/ana/.aws/config: save it as UTF-8 without a byte order mark.',
    ]);
  });
});
