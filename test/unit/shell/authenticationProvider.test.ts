import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { AuthenticationProvider, AuthenticationProviderAuthenticationSessionsChangeEvent } from 'vscode';

import { SignInError } from '../../../src/core/oauth/errors.ts';
import { OAuthErrorResponse } from '../../../src/core/oauth/errorResponse.ts';
import type { Session } from '../../../src/core/session/session.ts';
import { registerProvider } from '../../../src/shell/authenticationProvider.ts';
import type { ShellContext } from '../../../src/shell/context.ts';
import { hour, identityCenterSession, january, oktaSession } from '../fakes/examples.ts';
import { sessionsWorld } from '../fakes/sessionsWorld.ts';
import { settle, settleUntil } from '../fakes/settle.ts';
import { rejectionOf } from '../fakes/thrownBy.ts';
import { authenticationProviders } from '../fakes/vscode.ts';
import { prefer } from '../../../src/features/sessionMarks.ts';

vi.mock('vscode', async () => import('../fakes/vscode.ts'));

const { scopes } = identityCenterSession.tokenSet;
const answer = { accessToken: 'access-2', tokenType: 'Bearer', expiresIn: 3600, refreshToken: 'refresh-2' };
const other: Session = {
  ...identityCenterSession,
  id: 'a'.repeat(32),
  account: { id: 'aws https://d-0987654321.awsapps.com/start', label: 'd-0987654321.awsapps.com' },
  tokenSet: { ...identityCenterSession.tokenSet, accessToken: 'access-other' },
};

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: january });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  authenticationProviders.clear();
});

/** The IAM Identity Center provider with stored sessions. */
async function providerOf(...stored: readonly Session[]) {
  const world = await sessionsWorld(...stored);
  const { sessions, log } = world;
  const context = { sessions, log, connections: () => [], takenProviders: new Set<string>() };
  const registration = registerProvider(context as unknown as ShellContext, 'identityCenter');
  const provider = authenticationProviders.get('iam-identity-center');
  if (provider === undefined) throw new Error('No provider was registered.');
  const tokens = async (...asked: Parameters<AuthenticationProvider['getSessions']>) =>
    (await provider.getSessions(...asked)).map(({ accessToken }) => accessToken);
  /** Advances both clocks for the duration of a request. */
  const passes = async (milliseconds: number): Promise<void> => {
    vi.setSystemTime(Date.now() + milliseconds);
    await world.clock.advance(milliseconds);
  };
  return { ...world, context, registration, provider, tokens, passes };
}

test('F9: a session has its ID token if there is one, and otherwise no such member', async () => {
  const tokenSet = { ...other.tokenSet, idToken: 'id-token' };
  const { provider } = await providerOf(identityCenterSession, { ...other, tokenSet });
  const found = await provider.getSessions(undefined, {});
  expect(found.map((session) => ['idToken' in session, (session as { idToken?: string }).idToken])).toEqual([
    [false, undefined],
    [true, 'id-token'],
  ]);
});

test('a valid token costs one read of its record per request', async () => {
  const { tokens, records } = await providerOf(identityCenterSession, other);
  await tokens(scopes, {});
  await settle();
  const read = vi.spyOn(records, 'read');
  expect(await tokens(scopes, {})).toEqual(['access-1', 'access-other']);
  await settle();
  expect(read.mock.calls.map(([id]) => id).sort()).toEqual([identityCenterSession.id, other.id].sort());
});

test('a listed valid token is refreshed in the background', async () => {
  const { tokens, passes, oidc } = await providerOf(identityCenterSession);
  oidc.willAnswer('createToken', answer);
  await passes(0.84 * hour);
  await tokens(scopes, {});
  await settle();
  expect(oidc.asked).toEqual([]);
  await passes(0.142 * hour);
  await settleUntil(() => oidc.asked.length === 1);
});

describe('registerProvider: getSessions without scopes', () => {
  test.each([undefined, []])(
    '(%j) returns what is stored, including an expired token, without a request',
    async (none) => {
      const { tokens, passes, oidc } = await providerOf(identityCenterSession, oktaSession);
      await passes(2 * hour);
      expect(await tokens(none, {})).toEqual(['access-1']);
      await settle();
      expect(oidc.asked).toEqual([]);
    },
  );

  test('omits an ended session', async () => {
    const ended = { at: january, kind: 'grantRevoked' } as const;
    const { tokens, passes } = await providerOf({ ...identityCenterSession, ended });
    expect(await tokens(undefined, {})).toEqual(['access-1']);
    await passes(hour);
    expect(await tokens(undefined, {})).toEqual([]);
  });
});

describe('registerProvider: several matching sessions', () => {
  test.each([
    ['without scopes', undefined],
    ['with scopes', scopes],
  ])('are returned with the preferred one first, %s', async (_, asked) => {
    const { sessions, clock, tokens } = await providerOf(identityCenterSession, other);
    for (const [{ id }, expected] of [
      [other, ['access-other', 'access-1']],
      [identityCenterSession, ['access-1', 'access-other']],
    ] as const) {
      await clock.advance(1);
      await prefer(sessions, id);
      expect(await tokens(asked, {})).toEqual(expected);
    }
  });
});

describe('registerProvider: getSessions with scopes', () => {
  test.each([
    ['the granted ones', scopes, ['access-1']],
    ['the same in another order', scopes.toReversed(), ['access-1']],
    ['fewer', scopes.slice(0, 1), ['access-1']],
    ['more', [...scopes, 'codewhisperer:analysis'], []],
    ['the connection by its pseudo-scope', ['startUrl:https://d-1234567890.awsapps.com/start'], ['access-1']],
    ['another connection', ['startUrl:https://d-0.awsapps.com/start'], []],
  ])('finds a session for %s', async (_, asked, found) => {
    const { tokens } = await providerOf(identityCenterSession);
    expect(await tokens(asked, {})).toEqual(found);
  });

  test('finds the requested account', async () => {
    const { tokens } = await providerOf(identityCenterSession, other);
    expect((await tokens(scopes, {})).toSorted()).toEqual(['access-1', 'access-other']);
    expect(await tokens(scopes, { account: other.account })).toEqual(['access-other']);
    expect(await tokens(scopes, { account: { id: 'unknown', label: '' } })).toEqual([]);
  });

  test('a timer of ten seconds was left behind by every request: a good token needs none', async () => {
    const timeout = vi.spyOn(AbortSignal, 'timeout');
    const { tokens, passes } = await providerOf(identityCenterSession, other);
    expect(await tokens(scopes, {})).toHaveLength(2);
    expect(timeout).not.toHaveBeenCalled();
    await passes(24 * hour);
    await tokens(scopes, {}).catch(() => undefined);
    expect(timeout).toHaveBeenCalledOnce();
  });

  test('shows the connection and the portal for an account without a name (regression: it was called by its portal)', async () => {
    const { provider } = await providerOf(
      { ...identityCenterSession, connection: { ...identityCenterSession.connection, name: 'Work' } },
      other,
    );
    const found = await provider.getSessions(undefined, {});
    expect(found.map(({ account }) => account.label).toSorted()).toEqual([
      'Example · d-0987654321.awsapps.com',
      'Work · d-1234567890.awsapps.com',
    ]);
  });

  test('waits for the refresh of an expired token', async () => {
    const { tokens, passes, oidc } = await providerOf(identityCenterSession);
    await passes(hour);
    oidc.willAnswer('createToken', answer);
    expect(await tokens(scopes, {})).toEqual(['access-2']);
  });

  test('waits at most ten seconds, and reports why it stopped', async () => {
    const patience = new AbortController();
    const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(patience.signal);
    const { tokens, passes, oidc } = await providerOf(identityCenterSession);
    await passes(hour);
    oidc.willAnswer('createToken', () => Promise.withResolvers<never>().promise);
    const asking = rejectionOf(tokens(scopes, {}));
    await settle();
    patience.abort(new DOMException('The time is over', 'TimeoutError'));
    expect(await asking).toMatchObject({ name: 'SignInError', kind: 'timeout' });
    expect(timeout.mock.calls).toEqual([[10_000]]);
  });

  test.each(['network', 'serverError', 'rateLimited', 'proxy', 'certificate', 'invalidResponse'] as const)(
    'rejects for a %s if the token has expired: an empty array would start a sign-in',
    async (kind) => {
      const { tokens, passes, oidc } = await providerOf(identityCenterSession);
      await passes(hour);
      oidc.willAnswer('createToken', new SignInError(kind), new SignInError(kind));
      expect(await rejectionOf(tokens(scopes, {}))).toMatchObject({ name: 'SignInError', kind });
      expect(await rejectionOf(tokens(scopes, {}))).toMatchObject({ name: 'SignInError', kind });
    },
  );

  test.each(['network', 'serverError', 'invalid_grant'])(
    'serves a valid token whatever the result of its refresh (%s), without a question',
    async (failure) => {
      const { tokens, passes, oidc } = await providerOf(identityCenterSession);
      await passes(hour - 65_000);
      const refused =
        failure === 'invalid_grant'
          ? new OAuthErrorResponse(failure, { operation: 'createToken', status: 400 })
          : new SignInError(failure as 'network');
      oidc.willAnswer('createToken', refused, refused);
      expect(await tokens(scopes, {})).toEqual(['access-1']);
      await settle();
      expect(oidc.asked.length).toBeGreaterThan(0);
      expect(await tokens(scopes, {})).toEqual(['access-1']);
    },
  );

  test('returns an empty array if the grant is revoked: a sign-in is required', async () => {
    const { tokens, passes, oidc } = await providerOf(identityCenterSession);
    await passes(hour);
    oidc.willAnswer(
      'createToken',
      new OAuthErrorResponse('invalid_grant', { operation: 'createToken', status: 400 }),
    );
    expect(await tokens(scopes, {})).toEqual([]);
  });
});

describe('registerProvider: F4: a session that can no longer get a token', () => {
  const refused = (code: string, reason?: string) =>
    new OAuthErrorResponse(code, {
      operation: 'createToken',
      status: 400,
      ...(reason === undefined ? {} : { reason }),
    });

  test.each(['expired_token', 'access_denied', 'interaction_required', 'unauthorized_client'])(
    '(%s) returns an empty array: VS Code asks for a sign-in',
    async (code) => {
      const { tokens, passes, oidc } = await providerOf(identityCenterSession);
      await passes(hour);
      oidc.willAnswer('createToken', refused(code));
      expect(await tokens(scopes, {})).toEqual([]);
      expect(await tokens(scopes, {})).toEqual([]);
    },
  );

  test('F10: affected by the AWS key returns an empty array, and is kept', async () => {
    const { tokens, passes, oidc, store } = await providerOf(identityCenterSession);
    await passes(hour);
    oidc.willAnswer('createToken', refused('invalid_request', 'KMS_DisabledException'));
    expect(await tokens(scopes, {})).toEqual([]);
    expect(await tokens(scopes, {})).toEqual([]);
    expect((await store.get(identityCenterSession.id))?.session).toEqual(identityCenterSession);
  });

  test('rejects while the result is uncertain, and returns an empty array afterwards', async () => {
    const { tokens, passes, oidc } = await providerOf(identityCenterSession);
    oidc.willAnswer('createToken', ...Array.from({ length: 9 }, () => refused('invalid_request')));
    await passes(hour);
    expect(await rejectionOf(tokens(scopes, {}))).toMatchObject({ kind: 'requestRefused' });
    await passes(20 * 60_000);
    expect(await tokens(scopes, {})).toEqual([]);
  });
});

describe('registerProvider: one account of several', () => {
  const expired: Session = {
    ...other,
    tokenSet: { ...other.tokenSet, expiresAt: january - 1, obtainedAt: january - hour },
  };
  const failing = () => new SignInError('serverError', { operation: 'createToken', status: 500 });

  test('whose refresh fails does not affect a valid token of another (review 6.1)', async () => {
    const { tokens, oidc } = await providerOf(identityCenterSession, expired);
    oidc.willAnswer('createToken', failing(), failing());
    expect(await tokens(scopes, {})).toEqual(['access-1']);
    expect(oidc.asked.length).toBeGreaterThan(0);
  });

  test('whose refresh fails does not affect a refreshed token of another', async () => {
    const { tokens, passes, oidc } = await providerOf(identityCenterSession, expired);
    await passes(hour);
    oidc.willAnswer('createToken', failing(), answer);
    expect(await tokens(scopes, {})).toEqual(['access-2']);
  });

  test('rejects only if none can be served, with a temporary reason', async () => {
    const { tokens, passes, oidc } = await providerOf(identityCenterSession, expired);
    await passes(hour);
    oidc.willAnswer(
      'createToken',
      new OAuthErrorResponse('invalid_grant', { operation: 'createToken', status: 400 }),
      failing(),
      failing(),
    );
    expect(await rejectionOf(tokens(scopes, {}))).toMatchObject({ kind: 'serverError' });
  });

  test('that is preferred and valid is served without waiting for another', async () => {
    const { sessions, tokens, oidc } = await providerOf(identityCenterSession, expired);
    await prefer(sessions, identityCenterSession.id);
    oidc.willAnswer('createToken', () => Promise.withResolvers<never>().promise);
    expect(await tokens(scopes, {})).toEqual(['access-1']);
  });

  test('07.05: with the fewest sufficient scopes comes first, whatever others were granted', async () => {
    const wide: Session = {
      ...other,
      signedInAt: january + 1,
      tokenSet: { ...other.tokenSet, scopes: [...scopes, 'sso:account:access'] },
    };
    const { tokens } = await providerOf(wide, identityCenterSession);
    expect(await tokens(scopes, {})).toEqual(['access-1', 'access-other']);
    expect(await tokens([...scopes, 'sso:account:access'], {})).toEqual(['access-other']);
  });
});

describe('registerProvider: F18: scopes that are not token permissions', () => {
  test.each([
    ['offline_access', ['offline_access']],
    ['openid', ['openid']],
    [
      'both, with a pseudo-scope',
      ['openid', 'offline_access', 'startUrl:https://d-1234567890.awsapps.com/start'],
    ],
  ])('%s: a session matches them, and they are in the result', async (_, extra) => {
    const { provider } = await providerOf(identityCenterSession);
    const [session] = await provider.getSessions([...scopes, ...extra], {});
    expect(session?.accessToken).toBe('access-1');
    expect(session?.scopes).toEqual([...scopes, ...extra]);
  });

  test('a permission that was not granted still requires a new sign-in', async () => {
    const { tokens } = await providerOf(identityCenterSession);
    expect(await tokens([...scopes, 'offline_access', 'profile'], {})).toEqual([]);
  });
});

test('reports changes as VS Code expects, including refreshes, and only those of its own kind', async () => {
  const { provider, store, sessions, oidc } = await providerOf(identityCenterSession);
  const told: AuthenticationProviderAuthenticationSessionsChangeEvent[] = [];
  provider.onDidChangeSessions((event) => told.push(event));
  await settle();
  await store.put(oktaSession);
  await store.put(other);
  await settle();
  oidc.willAnswer('createToken', answer);
  await sessions.refresh(identityCenterSession.id, new AbortController().signal);
  await settle();
  await store.remove(other.id);
  await settle();
  const ids = (all: readonly { readonly id: string }[] | undefined) => all?.map(({ id }) => id);
  expect(told.map(({ added, removed, changed }) => [ids(added), ids(removed), ids(changed)])).toEqual([
    [[other.id], [], []],
    [[], [], [identityCenterSession.id]],
    [[], [other.id], []],
  ]);
});

describe('registerProvider: Sign in to use … stayed in the Accounts menu after a sign-in with more scopes than were asked for', () => {
  const quiet = scopes.slice(0, 1);

  /** The scopes reported as added after an unmatched request for `asked` and a new session. */
  async function toldAfter(...asked: readonly (readonly string[])[]) {
    const { provider, store, tokens } = await providerOf();
    const told: (readonly string[])[] = [];
    provider.onDidChangeSessions(({ added }) => told.push(...(added ?? []).map((session) => session.scopes)));
    for (const one of asked) expect(await tokens([...one], {})).toEqual([]);
    await settle();
    await store.put(identityCenterSession);
    await settle();
    await store.put({ ...identityCenterSession, signedInAt: identityCenterSession.signedInAt + 1 });
    await settle();
    return told;
  }

  test('the session is reported once more with exactly these scopes, and then never again', async () => {
    expect(scopes.length).toBeGreaterThan(1);
    expect(await toldAfter(quiet, quiet)).toEqual([scopes, quiet]);
  });

  test('a scope that is not a token permission is included', async () => {
    const asked = [...quiet, 'offline_access'];
    expect(await toldAfter(asked)).toEqual([scopes, asked]);
  });

  test('a request that it does not match stays pending', async () => {
    const elsewhere = [...quiet, 'startUrl:https://d-0987654321.awsapps.com/start'];
    expect(await toldAfter([...quiet, 'more'], elsewhere)).toEqual([scopes]);
  });
});

test('an ID that another extension has registered is reported, and breaks nothing', async () => {
  await providerOf();
  const { context, log, registration } = await providerOf();
  expect([...context.takenProviders]).toEqual(['IAM Identity Center']);
  expect(log.lines.some((line) => line.startsWith('error The authentication provider'))).toBe(true);
  registration.dispose();
});
