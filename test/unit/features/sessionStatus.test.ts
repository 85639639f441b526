import { describe, expect, test } from 'vitest';
import { SignInError } from '../../../src/core/oauth/errors.ts';
import type { SignInErrorKind } from '../../../src/core/oauth/errors.ts';
import { needsSignIn, nextStatusChange, sessionStatus } from '../../../src/features/sessionStatus.ts';
import type { Session } from '../../../src/core/session/session.ts';
import {
  hour,
  identityCenterSession,
  january,
  oktaConnection,
  oktaSession,
  tokenSet,
} from '../fakes/examples.ts';

const minute = 60_000;
const { refreshToken: _, ...withoutRefresh } = tokenSet;
const ended = { at: january, kind: 'grantRevoked' } as const;
const lost = { id: 'lost', accountLabel: 'ana@example.com', connection: oktaConnection };
const failure = (kind: SignInErrorKind, at = january + 50 * minute) => ({
  at,
  error: new SignInError(kind),
  failures: 1,
});

/** The state `after` the tokens were issued. */
function stateOf(
  after: number,
  sessions: readonly Session[],
  failures: Readonly<Record<string, ReturnType<typeof failure>>> = {},
  losses: readonly (typeof lost)[] = [],
) {
  const { state, needed } = sessionStatus(january + after, { sessions, lost: losses }, (id) => failures[id]);
  return [state, needed.map(({ id }) => id)] as const;
}

const both = [identityCenterSession, oktaSession];
const [ic, okta] = [identityCenterSession.id, oktaSession.id] as const;

describe('needsSignIn: the state of all sign-ins', () => {
  test('is signed out, one or several', () => {
    expect(stateOf(0, [])).toEqual(['signedOut', []]);
    expect(stateOf(0, [oktaSession])).toEqual(['signedIn', []]);
    expect(stateOf(0, both)).toEqual(['several', []]);
    expect(stateOf(9 * hour, both)).toEqual(['several', []]);
  });

  test.each<readonly [string, Session]>([
    ['that is over', { ...oktaSession, ended }],
    ['without a refresh token', { ...oktaSession, tokenSet: withoutRefresh }],
  ])('requires action for a session %s, if its token is', (_name, session) => {
    expect(stateOf(hour - minute, [identityCenterSession, session])[0]).toBe('several');
    expect(stateOf(hour - minute + 1, [identityCenterSession, session])).toEqual(['needsYou', [okta]]);
  });

  test('requires action for a session that the keyring lost', () => {
    expect(stateOf(0, [oktaSession], {}, [lost])).toEqual(['needsYou', ['lost']]);
  });

  test('requires action if the settings name another server', () => {
    const changed = { [ic]: failure('connectionChanged') };
    expect(stateOf(0, [identityCenterSession], changed)[0]).toBe('signedIn');
    expect(stateOf(hour, [identityCenterSession], changed)).toEqual(['needsYou', [ic]]);
    expect(needsSignIn(january + hour, identityCenterSession)).toBe(false);
  });

  test.each<SignInErrorKind>(['network', 'timeout', 'proxy'])(
    'is offline after %s, with no good token',
    (kind) => {
      expect(stateOf(hour, both, { [okta]: failure(kind) })).toEqual(['offline', []]);
    },
  );

  test('is offline when no session could be refreshed, although the tokens are good', () => {
    expect(stateOf(50 * minute, both, { [okta]: failure('network') })[0]).toBe('several');
    expect(stateOf(50 * minute, both, { [okta]: failure('network'), [ic]: failure('timeout') })[0]).toBe(
      'offline',
    );
  });

  const passing: readonly SignInErrorKind[] = [
    ...(['serverError', 'rateLimited', 'certificate', 'storage', 'invalidResponse'] as const),
    ...(['configuration', 'lockBusy'] as const),
  ];
  test.each(passing)('is neither offline nor signed in after %s, once the token has expired', (kind) => {
    const failures = { [okta]: failure(kind) };
    expect(stateOf(hour - minute, [oktaSession], failures)[0]).toBe('signedIn');
    expect(stateOf(hour, [oktaSession], failures)[0]).toBe('notRefreshed');
  });

  const forPerson: readonly SignInErrorKind[] = [
    ...(['policy', 'notAssigned', 'scopeRefused', 'requestRefused', 'invalidStartUrl'] as const),
    ...(['grantRevoked', 'registrationRefused', 'signInNeeded', 'connectionChanged'] as const),
  ];
  test.each(forPerson)('F4: requires action after %s, once the token has expired', (kind) => {
    const failures = { [okta]: failure(kind) };
    expect(stateOf(hour - minute, [oktaSession], failures)[0]).toBe('signedIn');
    expect(stateOf(hour, [oktaSession], failures)).toEqual(['needsYou', [okta]]);
  });

  test('F4: a session with a rejected token is not signed in, also after a reload', () => {
    const refused = { ...oktaSession, refusals: { since: january + hour, count: 1 } };
    expect(stateOf(hour, [refused])[0]).toBe('notRefreshed');
    const refreshed = {
      ...refused,
      tokenSet: { ...tokenSet, obtainedAt: january + hour, expiresAt: january + 2 * hour },
    };
    expect(stateOf(2 * hour, [refreshed])[0]).toBe('signedIn');
  });

  test('is not offline if another window has refreshed since', () => {
    const refreshed = {
      ...oktaSession,
      tokenSet: { ...tokenSet, obtainedAt: january + hour, expiresAt: january + 2 * hour },
    };
    expect(stateOf(hour, [refreshed], { [okta]: failure('network') })[0]).toBe('signedIn');
  });

  test('action required takes precedence over offline', () => {
    const over = { ...identityCenterSession, ended };
    expect(stateOf(hour, [over, oktaSession], { [okta]: failure('network') })).toEqual(['needsYou', [ic]]);
  });
});

describe('nextStatusChange: the next change by the clock', () => {
  const next = (after: number, ...sessions: readonly Session[]) => {
    const at = nextStatusChange(january + after, { sessions, lost: [] });
    return at === undefined ? undefined : at - january;
  };

  test('is the expiry of a token, or the time of a warning', () => {
    expect(next(0)).toBeUndefined();
    expect(next(0, oktaSession)).toBe(hour - minute + 1);
    const over = { ...identityCenterSession, ended };
    expect(next(0, oktaSession, over)).toBe(hour - 10 * minute);
    expect(next(hour - 10 * minute, oktaSession, over)).toBe(hour - minute + 1);
    expect(next(hour, oktaSession, over)).toBeUndefined();
  });
});
