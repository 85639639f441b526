import { describe, expect, test, vi } from 'vitest';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import { stateSentence, sectionsOf } from '../../../../src/shell/status/detailsSections.ts';
import { hour, identityCenterSession, january, oktaSession } from '../../fakes/examples.ts';
import { jwt } from '../../fakes/jwt.ts';

vi.mock('vscode', async () => import('../../fakes/vscode.ts'));

const rules = { file: '/etc/rules.json', state: 'none', policy: {}, files: [] } as const;
const claims = {
  iss: oktaSession.server.issuer,
  scp: ['codewhisperer:completions', 'offline_access'],
  sub: 'ada@example.com',
  cid: oktaSession.connection.clientId,
  exp: january / 1000,
  jti: 'AT.marked-secret',
};
const marked = {
  accessToken: jwt(claims),
  refreshToken: 'refresh-marked-secret',
};
const okta = {
  ...oktaSession,
  tokenSet: { ...oktaSession.tokenSet, ...marked, scopes: claims.scp },
  requestedScopes: ['codewhisperer:completions', 'codewhisperer:conversations'],
  history: [{ at: january - hour }],
};
const identityCenter = {
  ...identityCenterSession,
  tokenSet: {
    ...identityCenterSession.tokenSet,
    accessToken: 'access-marked-secret',
    refreshToken: 'refresh-marked-secret',
  },
  registration: { ...identityCenterSession.registration, clientSecret: 'client-marked-secret' },
};
const failed = [
  {
    at: january,
    error: new SignInError('network', { host: 'okta.example', code: 'ENOTFOUND' }),
    failures: 1,
  },
];
const unused = { isAllowed: false, uses: [] };
const rowsOf = (sections: ReturnType<typeof sectionsOf>) =>
  Object.fromEntries(sections.flatMap(({ rows }) => rows));

describe('sectionsOf: the details of a session', () => {
  test('contain no token and no client secret', () => {
    for (const session of [okta, identityCenter]) {
      const shown = JSON.stringify([stateSentence(session), sectionsOf(session, failed, rules, unused)]);
      expect(shown).not.toContain('marked-secret');
      for (const part of marked.accessToken.split('.')) expect(shown).not.toContain(part);
    }
  });

  test('contain issuer and client ID, and the claims as in Token Preview', () => {
    const rows = rowsOf(sectionsOf(okta, [], rules, unused));
    expect(rows).toMatchObject({
      Issuer: claims.iss,
      'Client ID': claims.cid,
      iss: claims.iss,
      sub: claims.sub,
      cid: claims.cid,
      scp: 'codewhisperer:completions offline_access',
    });
    expect(rows['exp']).toMatch(new RegExp(`^${claims.exp} \\(.*2026`));
  });

  test('show for each scope whether it was requested and granted', () => {
    expect(rowsOf(sectionsOf(okta, [], rules, unused))).toMatchObject({
      'codewhisperer:completions': 'Requested and granted',
      'codewhisperer:conversations': 'Requested, not granted',
      offline_access: 'Granted, not requested',
    });
  });

  test('list refreshes, newest first, and why one failed', () => {
    const history = sectionsOf(okta, failed, rules, unused).find(
      ({ heading }) => heading === 'Refresh history',
    );
    expect(history?.rows.map(([, outcome]) => outcome)).toEqual([
      expect.stringMatching(/^Failed: okta\.example couldn’t be reached \(ENOTFOUND\)\./),
      'Refreshed',
    ]);
  });

  test('say that an opaque token has no readable content', () => {
    const sections = sectionsOf(identityCenter, [], rules, unused);
    expect(sections.find(({ heading }) => heading.startsWith('Claims'))).toMatchObject({
      rows: [],
      note: 'IAM Identity Center tokens are opaque and have no readable claims.',
    });
  });

  test('start with why it ended, and what to do', () => {
    const ended = { at: january, kind: 'grantRevoked', host: 'okta.example' } as const;
    expect(stateSentence({ ...okta, ended })).toMatch(
      /^Ended .*Your session at okta\.example has expired\..* Sign in again\.$/,
    );
  });

  test('include the AWS account of this workspace, if it belongs to this session', () => {
    const awsAccount = {
      ...{ accountId: '111122223333', accountName: 'Sandbox', roleName: 'Dev', profile: 'x' },
      sessionId: identityCenter.id,
    };
    const rowOf = (session: typeof identityCenter | typeof okta) =>
      rowsOf(sectionsOf(session, [], rules, { ...unused, awsAccount }))['AWS account in this workspace'];
    expect(rowOf(identityCenter)).toBe('Sandbox (111122223333) · Dev');
    expect(rowOf(okta)).toBeUndefined();
  });

  test('include the programs that asked for the token, how often and when', () => {
    const uses = [
      { program: 'curl', count: 3, lastAt: january },
      { program: undefined, count: 1, lastAt: january },
    ];
    const terminalOf = (facts: Parameters<typeof sectionsOf>[3]) =>
      sectionsOf(okta, [], rules, facts).find(({ heading }) => heading === 'Use in terminals');
    expect(terminalOf({ isAllowed: true, uses })?.rows).toEqual([
      ['curl', expect.stringMatching(/^3 times, last .*202[56]/)],
      ['A program', expect.stringMatching(/202[56]/)],
    ]);
    expect(terminalOf({ isAllowed: true, uses: [] })?.note).toMatch(/None has/);
    expect(terminalOf({ isAllowed: false, uses })?.note).toMatch(/no longer/);
    expect(terminalOf(unused)).toBeUndefined();
  });
});
