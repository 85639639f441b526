import { describe, expect, test, vi } from 'vitest';
import type { DiagnosticsData } from '../../../../src/features/diagnosticsData.ts';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import { diagnosticsReport } from '../../../../src/shell/diagnostics/diagnosticsReport.ts';
import {
  day,
  hour,
  identityCenterConnection,
  identityCenterSession,
  january,
  oktaConnection,
  oktaSession,
  signInSettings,
} from '../../fakes/examples.ts';
import { jwt } from '../../fakes/jwt.ts';

vi.mock('vscode', async () => import('../../fakes/vscode.ts'));

const facts: DiagnosticsData = {
  at: january + hour / 2,
  versions: {
    extension: '0.1.0',
    editor: 'Visual Studio Code 1.139.1 (desktop)',
    language: 'en',
    node: 'v24.1.0',
    system: 'Linux 6.1 x64',
  },
  host: { ui: 'desktop', remoteName: undefined, runs: 'ui', row: 'local' },
  settings: { ...signInSettings, redirectPorts: [2128, 4649] },
  isSigningIn: false,
  ports: [
    { port: 2128, refusals: [] },
    { port: 4649, refusals: [{ port: 4649, address: '::1', code: 'EADDRINUSE' }] },
  ],
  network: { settings: { 'http.proxy': 'http://proxy.example:8080' }, variables: { SSL_CERT_FILE: 'set' } },
  skews: [{ host: 'oidc.example', seconds: -3, at: january }],
  storage: {
    keyring: { state: 'answers', secrets: 3, hasSealingKey: true },
    folder: '700',
    records: 2,
    locks: [{ name: 'a.lock', pid: 4711, holder: 'dead', ageSeconds: 60 }],
  },
  connections: [
    { ...identityCenterConnection, awsCli: 'my-company' },
    { ...oktaConnection, redirectPorts: [2128] },
  ],
  unreadableEntries: [{ index: 2, where: 'issuer' }],
  sessions: [identityCenterSession, oktaSession],
  failures: {
    [oktaSession.id]: {
      at: january + 60_000,
      error: new SignInError('network', { code: 'ECONNRESET' }),
      failures: 2,
    },
  },
  lost: [{ id: 'f'.repeat(32), accountLabel: 'bea@example.com', connection: oktaConnection }],
  unreadable: [{ id: 'e'.repeat(32), code: 'EACCES' }],
  organization: {
    file: '/etc/developer-sign-in/policy.json',
    state: 'inForce',
    policy: { allowCliCache: false },
    files: [
      {
        file: '/etc/developer-sign-in/policy.json',
        policy: { allowCliCache: false },
        unknownRules: ['alowedIssuers'],
      },
    ],
  },
  awsConfig: {
    file: '/home/ana/.aws/config',
    sections: [{ name: 'my-company', startUrl: '', region: '', scopes: [] }],
    problems: [
      { line: 3, reason: 'duplicateKey' },
      { line: 9, reason: 'sectionName', section: 'sso-session Acme Dev' },
    ],
  },
  events: [{ at: january, level: 'info', text: 'Signed in session=1', times: 1 }],
  home: '/home/ana',
};

describe('diagnosticsReport: content', () => {
  const report = diagnosticsReport(facts);
  test.each([
    [
      'F6: what the AWS CLI does not read',
      '- ~/.aws/config: 1 sso-session sections\n- Line 3: duplicateKey; the AWS CLI cannot read the file\n- Line 9: sectionName; the AWS CLI ignores this section',
    ],
    [
      'the versions',
      '- Extension: 0.1.0\n- Editor: Visual Studio Code 1.139.1 (desktop), en\n- Node.js: v24.1.0',
    ],
    ['the system', '- System: Linux 6.1 x64'],
    ['the host', '- Workbench: desktop; extension runs: ui; remote: none'],
    ['the sign-in environment', '- Sign-in environment: local (browser redirect: works)'],
    ['each port on each address', '| 2128 | free | free |\n| 4649 | free | EADDRINUSE |'],
    ['the proxy', '- http.proxy: `http://proxy.example:8080`'],
    ['the certificates', '- SSL_CERT_FILE: set'],
    ['the clocks', '- oidc.example: -3 s, seen 2026-01-01T00:00:00Z'],
    ['the keyring', '- Keyring: answers, 3 secrets, sealing key: there'],
    ['the locks', '- Lock a.lock: process 4711 (dead), untouched for 60 s'],
    [
      'the rules, and their files',
      '- Rules: `{"allowCliCache":false}`\n- /etc/developer-sign-in/policy.json: in force\n- Unknown rules: alowedIssuers',
    ],
    [
      'the connections',
      `okta ${oktaConnection.issuer} ${oktaConnection.clientId}\`; scopes codewhisperer:completions`,
    ],
    ['the entries that cannot be read', '- Entry 2 of the setting cannot be read: issuer'],
    [
      'the life of a session',
      'signed in 2026-01-01T00:00:00Z; token of 2026-01-01T00:00:00Z, until 2026-01-01T01:00:00Z (1800 s)',
    ],
    ['the last failure', 'last failure in this window 2026-01-01T00:01:00Z: network ECONNRESET, 2 in a row'],
    ['what cannot be read', `- ${'e'.repeat(32)}: cannot be read now (EACCES)`],
    ['what the keyring lost', `- ${'f'.repeat(32)}: lost by the keyring; \`okta`],
    ['the last events', '````text\n2026-01-01T00:00:00Z [info] Signed in session=1\n````'],
  ])('includes %s', (_, text) => {
    expect(report).toContain(text);
  });

  test('includes why a session ended, and how it was refreshed', () => {
    const ended = {
      at: january,
      kind: 'grantRevoked',
      host: 'a.example',
      code: 'invalid_grant',
      description: 'It is over.',
    } as const;
    const history = [{ at: january }, { at: january, kind: 'timeout', host: 'a.example' } as const];
    const text = diagnosticsReport({ ...facts, sessions: [{ ...oktaSession, ended, history }] });
    expect(text).toContain('ended 2026-01-01T00:00:00Z: grantRevoked a.example invalid_grant, “It is over.”');
    expect(text).toContain('refreshes: 2026-01-01T00:00:00Z done; 2026-01-01T00:00:00Z timeout a.example');
  });

  test("masks users: only a login's first letter and domain remain", () => {
    expect(report).toContain('a…@example.com');
    expect(report).not.toMatch(/ada@|bea@/);
  });

  test('shows “none” for empty parts', () => {
    const nothing = {
      connections: [],
      unreadableEntries: [],
      sessions: [],
      lost: [],
      unreadable: [],
      events: [],
      skews: [],
    };
    const empty = diagnosticsReport({
      ...facts,
      ...nothing,
      organization: { ...facts.organization, state: 'none' },
    });
    for (const title of ['Clock', 'Organization', 'Connections', 'Sessions', 'Last events'])
      expect(empty).toContain(`## ${title}\n\nNone.`);
  });

  test('says why sessions are missing if they cannot be read', () => {
    const text = diagnosticsReport({ ...facts, sessions: [], sessionsError: 'storage (session, EACCES)' });
    expect(text).toContain('## Sessions\n\n- They cannot be read: storage (session, EACCES)');
  });

  test('an event cannot close its code fence', () => {
    const text = diagnosticsReport({
      ...facts,
      events: [{ at: january, level: 'warn', text: '````\n# x', times: 3 }],
    });
    expect(text.match(/^````/gm)).toHaveLength(2);
    expect(text).toContain('[warn] ```` # x (3 times)\n````');
  });
});

describe('diagnosticsReport: 08.11: untrusted text creates no markup', () => {
  const picture = '![y](https://evil.example/z.png) <img src=//evil.example/b> token=123456789';
  const ended = { at: january, kind: 'grantRevoked', description: picture } as const;
  const session = {
    ...oktaSession,
    account: { id: 'x', label: picture },
    connection: { ...oktaSession.connection, name: `\`${picture}`, scopes: [picture, 'secret='] },
    tokenSet: { ...oktaSession.tokenSet, scopes: [`${picture} \`\` secret=`] },
    ended,
  };

  test('in the lines of a session and a connection', () => {
    const own = { sessions: [session], connections: [session.connection], events: [] };
    const text = diagnosticsReport({ ...facts, ...own });
    const outside = text.replace(/(?<!`)(`+)(?!`)(.*?)(?<!`)\1(?!`)/g, '');
    expect(text).toContain('![y]');
    expect(outside).not.toMatch(/!\[|<img|`/);
  });

  test('in the events, even if the last one resembles the start of a secret', () => {
    const events = [{ at: january, level: 'warn', text: `${picture} secret=`, times: 1 } as const];
    const text = diagnosticsReport({ ...facts, events });
    expect(text).toMatch(/````text\n.*\n````\n$/);
  });
});

test('08.05: an endpoint is shown without its password and key', () => {
  const oidc = 'https://user:hunter2@oidc.corp.example/x?apikey=k3y';
  const text = diagnosticsReport({
    ...facts,
    settings: {
      ...facts.settings,
      endpoints: { oidc, portal: 'https://u:hunter2@{region}.corp.example?k3y' },
    },
    sessions: [{ ...identityCenterSession, endpoints: { oidc, portal: oidc } }],
  });
  expect(text).toContain('Endpoint settings: `https://oidc.corp.example/x`; portal');
  expect(text).toContain('endpoint `https://oidc.corp.example/x`;');
  expect(text).not.toMatch(/hunter2|k3y/);
});

test('an endpoint with a Region had %7Bregion%7D in its place', () => {
  const endpoints = {
    oidc: 'https://proxy.example/oidc/{region}',
    portal: 'https://portal.{region}.example',
  };
  const text = diagnosticsReport({ ...facts, settings: { ...facts.settings, endpoints } });
  expect(text).toContain(
    'Endpoint settings: `https://proxy.example/oidc/{region}`; portal `https://portal.{region}.example`',
  );
});

test('includes the ports and the redirect URI of an OpenID Connect connection', () => {
  const text = diagnosticsReport({
    ...facts,
    ports: [...facts.ports, { port: 8008, refusals: [] }],
    connections: [
      {
        type: 'oidc',
        name: 'Company',
        issuer: 'https://id.example.com',
        clientId: 'app',
        redirectUri: 'http://localhost:8008/oauth/callback',
        redirectPorts: [8008],
        authorizeParameters: { audience: 'https://api.example.com' },
      },
    ],
  });
  expect(text).toContain('| 8008 | free | free |');
  expect(text).toContain('redirectUri `http://localhost:8008/oauth/callback`; redirectPorts 8008');
  expect(text).toContain('authorizeParameters `audience=https://api.example.com`');
});

test('includes no marked secrets, wherever they were', () => {
  const mark = (what: string) => `MARKED${what}4711`;
  const tokenSet = {
    ...oktaSession.tokenSet,
    accessToken: jwt({ sub: mark('sub') }),
    refreshToken: mark('refresh'),
  };
  const ended = {
    at: january,
    kind: 'grantRevoked',
    description: `The token ${mark('refresh')} is over, Bearer ${mark('bearer')}`,
  } as const;
  const error = new SignInError('network', {
    host: `ana:${mark('password')}@proxy.example`,
    code: 'ECONNRESET',
  });
  const text = diagnosticsReport({
    ...facts,
    settings: {
      ...facts.settings,
      endpoints: { oidc: `https://ana:${mark('pass')}@oidc.example`, portal: '' },
    },
    network: {
      settings: { 'http.proxy': `http://${mark('user')}:${mark('password')}@proxy.example:8080` },
      variables: {},
    },
    connections: [{ ...identityCenterConnection, name: `x ${mark('refresh')}` }],
    sessions: [
      { ...oktaSession, tokenSet, ended },
      {
        ...identityCenterSession,
        tokenSet: {
          ...identityCenterSession.tokenSet,
          accessToken: mark('access'),
          refreshToken: mark('refreshIc'),
        },
        registration: {
          ...identityCenterSession.registration,
          clientSecret: mark('clientSecret'),
          expiresAt: january + 90 * day,
        },
      },
    ],
    failures: { [oktaSession.id]: { at: january, error, failures: 1 } },
    organization: {
      ...facts.organization,
      files: [
        {
          file: '/etc/developer-sign-in/policy.d/team.json',
          policy: {},
          problem: { kind: 'notJson', detail: `near "clientSecret": "${mark('file')}"` },
          unknownRules: [],
        },
      ],
    },
    events: [
      { at: january, level: 'warn', text: `Refresh failed access=${mark('access')}`, times: 1 },
      { at: january, level: 'warn', text: `callback code=${mark('code')}&state=${mark('state')}`, times: 1 },
      { at: january, level: 'error', text: `{"refresh_token":"${mark('other')}"}`, times: 1 },
      {
        at: january,
        level: 'error',
        text: `ENOENT /home/ana/.aws/config ${jwt({ a: mark('a') })}`,
        times: 1,
      },
      { at: january, level: 'error', text: encodeURIComponent(mark('clientSecret')), times: 1 },
    ],
  });
  expect(text.match(/.*MARKED.*/g)).toBeNull();
  expect(text).not.toContain(tokenSet.accessToken);
  expect(text).not.toMatch(/\/home\/ana|eyJ/);
  expect(text).toContain('http://proxy.example:8080');
  expect(text).toContain('ENOENT ~/.aws/config');
});

describe('diagnosticsReport: access for programs', () => {
  const terminals = {
    ...{
      hostName: 'laptop',
      areHere: true,
      isOpen: true,
      chosen: oktaSession.id,
      ofAwsAccount: identityCenterSession.id,
    },
    uses: {
      [oktaSession.id]: [
        { program: 'curl', count: 3, lastAt: january },
        { program: undefined, count: 1, lastAt: january },
      ],
    },
  };
  const places = ['laptop', 'laptop file:///home/ana/secret-project', 'laptop-2', 'desktop file:///x'];
  const text = diagnosticsReport(
    {
      ...facts,
      sessions: [
        { ...oktaSession, programPlaces: places },
        { ...identityCenterSession, awsCli: { name: 'work', paused: 'replaced' } },
      ],
    },
    terminals,
  );

  test('lists the terminals, tasks and machines with access to a session, and the AWS CLI', () => {
    expect(text).toContain(
      '  - shared with terminals; tasks of 1 workspaces; programs at 2 places of other machines',
    );
    expect(text).toContain('  - shared with the AWS CLI as work (paused: replaced)');
  });

  test('says whether the window listens, for what, and which programs asked', () => {
    expect(text).toContain(
      [
        '## Terminals',
        '',
        '- They run where the extension runs; programs can ask this window: yes',
        `- Session of this workspace: ${oktaSession.id}`,
        `- AWS account of this workspace: of ${identityCenterSession.id}`,
        `- curl asked for ${oktaSession.id}: 3 times, last 2026-01-01T00:00:00Z`,
        `- a program asked for ${oktaSession.id}: 2026-01-01T00:00:00Z`,
      ].join('\n'),
    );
  });

  test('names no workspace and no machine', () => {
    expect(text).not.toMatch(/secret-project|laptop|desktop file/);
  });
});

test('a server’s words with an address became a link in the report', () => {
  const description = 'Verify at https://evil.example/x or ask @octocat';
  const ended = { at: january, kind: 'grantRevoked', description } as const;
  const text = diagnosticsReport({ ...facts, sessions: [{ ...oktaSession, ended }] });
  expect(text).toContain(`, “\`${description}\`”`);
});

test('the login of a connection that the organization provides was not masked', () => {
  const { type, name, issuer, clientId } = oktaConnection;
  const provided = { type, name, issuer, clientId, loginHint: 'ana.smith@example.com' } as const;
  const policy = { connections: [provided] };
  const text = diagnosticsReport({ ...facts, organization: { ...facts.organization, policy } });
  expect(text).toContain('"loginHint":"a…@example.com"');
  expect(text).not.toContain('ana.smith');
});
