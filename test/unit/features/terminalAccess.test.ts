import { describe, expect, test } from 'vitest';
import { SignInError } from '../../../src/core/oauth/errors.ts';
import type { Session } from '../../../src/core/session/session.ts';
import { answerTerminal } from '../../../src/features/terminalAccess.ts';
import type { TerminalAccessPorts } from '../../../src/features/terminalAccess.ts';
import type { OrganizationPolicy } from '../../../src/features/organizationPolicy.ts';
import { hour, identityCenterSession, january, oktaSession } from '../fakes/examples.ts';

const hostName = 'laptop';
const okta: Session = {
  ...oktaSession,
  connection: { ...oktaSession.connection, name: 'My Okta' },
  programPlaces: [hostName],
};
const identityCenter: Session = { ...identityCenterSession, programPlaces: [hostName] };
const { programPlaces: _shared, ...oktaOff } = okta;
const never = new AbortController().signal;

function portsOf(
  stored: readonly Session[],
  given: Partial<TerminalAccessPorts> & { readonly policy?: OrganizationPolicy } = {},
): TerminalAccessPorts {
  const { policy, ...ports } = given;
  return {
    sessions: {
      list: async () => ({ sessions: stored, lost: [] }),
      withFreshToken: async (id) => {
        const session = stored.find((one) => one.id === id);
        if (session === undefined) throw new SignInError('signInNeeded', {});
        return session;
      },
      refresh: async () => {
        throw new Error('No refresh was asked for');
      },
    },
    organization: async () => ({
      file: '/etc/policy.json',
      state: policy === undefined ? 'none' : 'inForce',
      policy: policy ?? {},
      files: [],
    }),
    hostName,
    now: () => january,
    http: async () => {
      throw new Error('Nothing was asked for');
    },
    gitHosts: () => ({}),
    byDefault: () => undefined,
    everShared: () => [],
    signIn: async () => {
      throw new Error('No sign-in was asked for');
    },
    ...ports,
  };
}

describe('answerTerminal', () => {
  test('returns the access token of the only shared session, and no other secret', async () => {
    const answer = await answerTerminal(portsOf([okta, identityCenterSession]), { ask: 'token' }, never);
    expect('token' in answer && answer.token).toEqual({
      accessToken: okta.tokenSet.accessToken,
      expiresAt: january + hour,
      scopes: okta.tokenSet.scopes,
      connection: 'My Okta',
      account: okta.account.label,
    });
  });

  test('returns nothing for a session that is not shared, by any name', async () => {
    const ports = portsOf([okta, identityCenterSession]);
    for (const connection of [identityCenterSession.id, identityCenterSession.account.label, 'Example'])
      expect(await answerTerminal(ports, { ask: 'token', connection }, never)).toMatchObject({
        problem: { kind: 'unknown', name: connection, known: ['My Okta'] },
      });
  });

  test('requires consent on the same machine', async () => {
    const elsewhere = { ...okta, programPlaces: ['desktop'] };
    expect(await answerTerminal(portsOf([elsewhere]), { ask: 'token' }, never)).toEqual({
      problem: { kind: 'notShared' },
    });
  });

  test.each(['allowTerminal'])('returns nothing if the organization does not allow it', async (rule) => {
    const ports = portsOf([okta], { policy: { [rule]: false } });
    for (const ask of ['token', 'list'] as const)
      expect(await answerTerminal(ports, { ask }, never)).toMatchObject({
        problem: {
          kind: 'failed',
          error: { kind: 'blockedByOrganization', details: { reason: 'terminal' } },
        },
      });
  });

  test.each([
    ['the name of the connection', 'my okta'],
    ['the name of the account', 'ADA@example.com'],
    ['the label of the account', okta.account.label],
    ['the ID of the session', okta.id],
  ])('finds a session by %s', async (_, connection) => {
    const answer = await answerTerminal(portsOf([identityCenter, okta]), { ask: 'token', connection }, never);
    expect(answer).toMatchObject({ session: { id: okta.id } });
  });

  test('uses the session chosen in this window, or else requires a name', async () => {
    const both = [okta, identityCenter];
    expect(await answerTerminal(portsOf(both), { ask: 'token' }, never)).toMatchObject({
      problem: {
        kind: 'several',
        known: [expect.stringMatching(/^My Okta/), expect.stringMatching(/^Example/)],
      },
    });
    for (const { id } of both)
      expect(
        await answerTerminal(portsOf(both, { byDefault: () => id }), { ask: 'token' }, never),
      ).toMatchObject({ session: { id } });
  });

  describe('a request without a name never switches to another account', () => {
    const everShared = () => [okta, identityCenter];
    const unnamed = { ask: 'token' } as const;

    test('when the default is signed out, or unset', async () => {
      const given = { everShared, byDefault: () => okta.id };
      const gone = { kind: 'gone', name: 'My Okta', known: ['Example'] };
      expect(await answerTerminal(portsOf([identityCenter], given), unnamed, never)).toEqual({
        problem: { ...gone, isSignedOut: true },
      });
      expect(await answerTerminal(portsOf([oktaOff, identityCenter], given), unnamed, never)).toEqual({
        problem: { ...gone, isSignedOut: false },
      });
    });

    test('when one of several without a default is signed out', async () => {
      expect(await answerTerminal(portsOf([identityCenter], { everShared }), unnamed, never)).toEqual({
        problem: { kind: 'several', known: ['Example'] },
      });
      const only = portsOf([identityCenter], { everShared: () => [identityCenter] });
      expect(await answerTerminal(only, unnamed, never)).toMatchObject({
        session: { id: identityCenter.id },
      });
    });

    test('when two accounts of a connection were shared, and one is signed out', async () => {
      const other = { ...okta, id: 'other', account: { ...okta.account, label: 'bo', name: 'bo' } };
      const given = { everShared: () => [okta, other], byDefault: () => okta.id };
      const named = { ask: 'token', connection: 'My Okta' } as const;
      expect(await answerTerminal(portsOf([okta, other], given), named, never)).toMatchObject({
        session: { id: okta.id },
      });
      expect(await answerTerminal(portsOf([other], given), named, never)).toMatchObject({
        problem: { kind: 'gone', known: ['bo'] },
      });
      expect(
        await answerTerminal(portsOf([other], given), { ...named, connection: 'bo' }, never),
      ).toMatchObject({
        session: { id: 'other' },
      });
    });

    test('a name reports that its account was signed out, also with --sign-in', async () => {
      for (const signIn of [false, true])
        expect(
          await answerTerminal(
            portsOf([identityCenter], { everShared }),
            { ask: 'token', connection: 'My Okta', signIn },
            never,
          ),
        ).toMatchObject({ problem: { kind: 'gone', name: 'My Okta', isSignedOut: true } });
    });
  });

  test('reports missing scopes, without asking the user unless --sign-in is given', async () => {
    const [scope = ''] = okta.tokenSet.scopes;
    const ports = portsOf([okta]);
    expect(await answerTerminal(ports, { ask: 'token', scopes: [scope] }, never)).toHaveProperty('token');
    expect(await answerTerminal(ports, { ask: 'token', scopes: [scope, 'more'] }, never)).toEqual({
      problem: { kind: 'missingScopes', name: 'My Okta', scopes: ['more'] },
    });
  });

  test('with --sign-in, the user signs in for the missing scopes', async () => {
    const asked: (readonly string[])[] = [];
    const wider = { ...okta, tokenSet: { ...okta.tokenSet, accessToken: 'wider', scopes: ['more'] } };
    const ports = portsOf([okta], {
      signIn: async (_, scopes) => {
        asked.push(scopes);
        return wider;
      },
    });
    const request = { ask: 'token', scopes: ['more'], signIn: true } as const;
    expect(await answerTerminal(ports, request, never)).toMatchObject({ token: { accessToken: 'wider' } });
    expect(asked).toEqual([['more']]);
  });

  test('with --sign-in, an account that the user has not shared returns no token', async () => {
    const { programPlaces: _none, ...other } = okta;
    const signIn = async () => ({ ...other, id: '0'.repeat(32) });
    const ports = portsOf([okta], { signIn });
    expect(
      await answerTerminal(ports, { ask: 'token', scopes: ['x'], signIn: true }, never),
    ).not.toHaveProperty('token');
    const wider = async () => ({ ...(await signIn()), tokenSet: { ...okta.tokenSet, scopes: ['x'] } });
    expect(
      await answerTerminal(
        portsOf([okta], { signIn: wider }),
        { ask: 'token', scopes: ['x'], signIn: true },
        never,
      ),
    ).toEqual({ problem: { kind: 'notShared' } });
  });

  test('a record that cannot be read for a moment was said to be signed out, or not shared', async () => {
    const unreadable = [{ id: okta.id, code: 'EIO' }];
    const unread = (...stored: readonly Session[]) => {
      const { sessions } = portsOf(stored);
      const list = async () => ({ sessions: stored, lost: [], unreadable });
      return portsOf(stored, { sessions: { ...sessions, list }, everShared: () => [okta, ...stored] });
    };
    const failed = { problem: { kind: 'failed', error: { kind: 'storage', details: { code: 'EIO' } } } };
    for (const ports of [unread(), unread(identityCenter)])
      expect(await answerTerminal(ports, { ask: 'token', connection: 'My Okta' }, never)).toMatchObject(
        failed,
      );
    const { name } = identityCenter.connection;
    const other = await answerTerminal(unread(identityCenter), { ask: 'token', connection: name }, never);
    expect(other).toHaveProperty('token');
  });

  test('a consent that was withdrawn while a program waited gave it the token all the same', async () => {
    const { programPlaces: _none, ...stopped } = { ...okta, tokenSet: { ...okta.tokenSet, scopes: ['x'] } };
    const { sessions } = portsOf([okta]);
    const refreshed = portsOf([okta], { sessions: { ...sessions, withFreshToken: async () => stopped } });
    const signedIn = portsOf([okta], { signIn: async () => stopped });
    const request = { ask: 'token', scopes: ['x'], signIn: true } as const;
    for (const outcome of [
      await answerTerminal(refreshed, { ask: 'token' }, never),
      await answerTerminal(signedIn, request, never),
    ])
      expect(outcome).toEqual({ problem: { kind: 'notShared' } });
  });

  test('distinguishes a required sign-in from a temporary failure', async () => {
    const failing = (error: SignInError) => {
      const { sessions } = portsOf([okta]);
      const fresh = async () => {
        throw error;
      };
      return portsOf([okta], { sessions: { ...sessions, withFreshToken: fresh } });
    };
    const over = new SignInError('grantRevoked', { host: 'example.okta.com' });
    expect(await answerTerminal(failing(over), { ask: 'token' }, never)).toEqual({
      problem: { kind: 'signInNeeded', name: 'My Okta' },
    });
    const network = new SignInError('network', { code: 'ENOTFOUND' });
    expect(await answerTerminal(failing(network), { ask: 'token', signIn: true }, never)).toEqual({
      problem: { kind: 'failed', error: network },
    });
  });

  test('a list marks the default and sessions that require a sign-in, without tokens', async () => {
    const ended: Session = {
      ...okta,
      ended: { at: january, kind: 'grantRevoked' },
      tokenSet: { ...okta.tokenSet, accessToken: '', expiresAt: january - 1 },
    };
    const ports = portsOf([ended, identityCenter], { byDefault: () => identityCenter.id });
    const answer = await answerTerminal(ports, { ask: 'list' }, never);
    expect('list' in answer && answer.list).toMatchObject([
      { connection: 'My Okta', needsSignIn: true, isDefault: false },
      { connection: 'Example', needsSignIn: false, isDefault: true },
    ]);
    expect(JSON.stringify(answer)).not.toMatch(/access-1|refresh-1/);
  });

  test('does not return a token that a shell or header would split', async () => {
    for (const accessToken of ['a\nX-Admin: 1', 'a b', 'a\u001b[2J', '', 'ä']) {
      const odd = { ...okta, tokenSet: { ...okta.tokenSet, accessToken } };
      expect(await answerTerminal(portsOf([odd]), { ask: 'token' }, never)).toMatchObject({
        problem: { kind: 'failed', error: { kind: 'invalidResponse' } },
      });
    }
  });

  test('names contain no control characters', async () => {
    const odd = {
      ...okta,
      connection: { ...okta.connection, name: 'a\u001b]0;x\u0007b' },
      account: { ...okta.account, label: 'x\u001b[2J\ny' },
    } as Session;
    const answers = [
      await answerTerminal(portsOf([odd]), { ask: 'list' }, never),
      await answerTerminal(portsOf([odd]), { ask: 'token' }, never),
    ].map((answer) => ('token' in answer ? answer.token : 'list' in answer ? answer.list[0] : undefined));
    for (const answer of answers)
      expect(`${answer?.connection} ${answer?.account}`).not.toMatch(/[\u0000-\u001f]/);
  });

  describe('AWS credentials', () => {
    const request = { ask: 'awsCredentials', accountId: '111122223333', roleName: 'ReadOnly' } as const;
    const found = { accessKeyId: 'ASIA1', secretAccessKey: 's', sessionToken: 't', expiration: 5 };
    const center = {
      ...identityCenter,
      tokenSet: { ...identityCenter.tokenSet, scopes: ['sso:account:access'] },
    } as Session;
    const http = (status: number) => async () =>
      new Response(JSON.stringify(status === 200 ? { roleCredentials: found } : { message: 'x' }), {
        status,
      });

    test('come from the only IAM Identity Center session, also among others', async () => {
      const ports = portsOf([okta, center], { http: http(200) });
      expect(await answerTerminal(ports, request, never)).toMatchObject({
        session: { id: center.id },
        awsCredentials: { accessKeyId: 'ASIA1', expiresAt: 5 },
      });
    });

    test.each([
      ['without the scope', [identityCenter], {}, { kind: 'missingScopes', scopes: ['sso:account:access'] }],
      ['of another provider', [okta, center], { connection: 'My Okta' }, { kind: 'notAws' }],
      ['where only another provider is shared', [okta], {}, { kind: 'noneOfAws' }],
      [
        'of a session that is not shared',
        [okta],
        { connection: 'Example' },
        { kind: 'unknown', name: 'Example' },
      ],
    ] as const)('are not returned %s', async (_, stored, more, problem) => {
      const answer = await answerTerminal(portsOf(stored), { ...request, ...more }, never);
      expect(answer).toMatchObject({ problem });
    });

    test('distinguishes a role that the user lacks from a session ended by the portal', async () => {
      const ask = (status: number) =>
        answerTerminal(portsOf([center], { http: http(status) }), request, never);
      expect(await ask(403)).toMatchObject({ problem: { kind: 'noRole', roleName: 'ReadOnly' } });
      expect(await ask(401)).toMatchObject({ problem: { kind: 'signInNeeded', name: 'Example' } });
      expect(await ask(503)).toMatchObject({ problem: { kind: 'failed', error: { kind: 'serverError' } } });
    });

    describe('a token that the portal did not know long before its end was never refreshed', () => {
      const renewed = { ...center, tokenSet: { ...center.tokenSet, accessToken: 'access-2' } } as Session;
      /** Half an hour later, at a portal that accepts only the second token. */
      const ports = (refresh: TerminalAccessPorts['sessions']['refresh']) => {
        const given = portsOf([center]);
        return {
          ...given,
          now: () => january + hour / 2,
          sessions: { ...given.sessions, refresh },
          http: (async (_, { headers }) => {
            const isKnown = headers['x-amz-sso_bearer_token'] === 'access-2';
            return http(isKnown ? 200 : 401)();
          }) satisfies TerminalAccessPorts['http'],
        };
      };

      test('is refreshed, and the request succeeds with the new one', async () => {
        const answer = await answerTerminal(
          ports(async () => renewed),
          request,
          never,
        );
        expect(answer).toMatchObject({ awsCredentials: { accessKeyId: 'ASIA1' } });
      });

      test.each([
        ['grantRevoked', { kind: 'signInNeeded' }],
        ['registrationRefused', { kind: 'signInNeeded' }],
        ['network', { kind: 'failed' }],
      ] as const)('reports a refresh that ends as %s', async (kind, problem) => {
        const failing = ports(async () => {
          throw new SignInError(kind);
        });
        expect(await answerTerminal(failing, request, never)).toMatchObject({ problem });
      });

      test('a portal that rejects both is asked only twice', async () => {
        let refreshes = 0;
        const answer = await answerTerminal(
          ports(async () => {
            refreshes += 1;
            return center;
          }),
          request,
          never,
        );
        expect([answer, refreshes]).toEqual([{ problem: { kind: 'signInNeeded', name: 'Example' } }, 1]);
      });
    });
  });

  describe('a Git password', () => {
    const gitHosts = () => ({ 'Git.example.com': 'My Okta', '127.0.0.1:8080': 'My Okta' });
    const ask = (protocol: string, host: string) =>
      answerTerminal(
        portsOf([okta, identityCenter], { gitHosts }),
        { ask: 'gitCredential', protocol, host },
        never,
      );

    test.each([
      ['https', 'git.example.com'],
      ['https', 'GIT.example.com'],
      ['http', '127.0.0.1:8080'],
    ])('is the token of the connection listed for %s %s', async (protocol, host) => {
      expect(await ask(protocol, host)).toMatchObject({ session: { id: okta.id } });
    });

    test.each([
      'https://git.example.com/',
      'HTTPS://Git.Example.com',
      'git.example.com/',
      'git.example.com:443',
      ' git.example.com ',
    ])('is returned if the setting has the host as %j', async (listed) => {
      const ports = portsOf([okta], { gitHosts: () => ({ [listed]: 'My Okta' }) });
      const request = { ask: 'gitCredential', protocol: 'https', host: 'git.example.com' } as const;
      expect(await answerTerminal(ports, request, never)).toMatchObject({ session: { id: okta.id } });
    });

    test.each([
      'http://git.example.com',
      'git.example.com/group',
      'user@git.example.com',
      'ssh://git.example.com',
      '',
    ])('is not returned if the setting has %j', async (listed) => {
      const ports = portsOf([okta], { gitHosts: () => ({ [listed]: 'My Okta' }) });
      const request = { ask: 'gitCredential', protocol: 'https', host: 'git.example.com' } as const;
      expect(await answerTerminal(ports, request, never)).toMatchObject({ problem: { kind: 'gitHost' } });
    });

    test.each([
      ['http', 'git.example.com'],
      ['ssh', 'git.example.com'],
      ['https', 'git.example.com.evil.example'],
      ['https', 'evil.example/git.example.com'],
      ['https', 'git.example.com/x'],
      ['https', 'user@git.example.com'],
      ['https', 'git.example.com#'],
      ['https', 'git.example.com:444'],
      // CVE-2024-52006: a parser of addresses drops line ends and tabs, and Git connects to another host.
      ['https', 'git.exa\rmple.com'],
      ['https', 'git.exa\tmple.com'],
      ['https', 'git.example.com\r'],
      ['https', ''],
      ['', 'git.example.com'],
    ])('is not returned to %s %s', async (protocol, host) => {
      expect(await ask(protocol, host)).toEqual({ problem: { kind: 'gitHost', host } });
    });

    test('an argument cannot select a connection other than the listed one', async () => {
      const request = {
        ask: 'gitCredential',
        protocol: 'https',
        host: 'git.example.com',
        connection: 'Example',
      } as const;
      expect(
        await answerTerminal(portsOf([okta, identityCenter], { gitHosts }), request, never),
      ).toMatchObject({ session: { id: okta.id } });
    });
  });
});
