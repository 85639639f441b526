import { describe, expect, test } from 'vitest';
import { SignInError } from '../../../src/core/oauth/errors.ts';
import { unfinishedSignIn, withoutTokens } from '../../../src/setup/testSignIn.ts';

describe('unfinishedSignIn: said “There was no test sign-in” of one that ended on an error page', () => {
  test.each([
    ['was given up before the browser', 'cancelled', {}, 'inconclusive', 'notSignedIn'],
    [
      'was given up after the browser',
      'cancelled',
      { reason: 'browserOpened' },
      'inconclusive',
      'signInNotCompleted',
    ],
    ['ran out of time', 'codeExpired', {}, 'inconclusive', 'signInNotCompleted'],
    ['ran out of time unseen', 'codeExpired', { reason: 'abandoned' }, 'inconclusive', 'signInNotCompleted'],
    ['showed Okta’s error page', 'cancelled', { reason: 'providerErrorPage' }, 'fail', 'providerErrorPage'],
    ['showed AWS’s error page', 'cancelled', { reason: 'serviceErrorPage' }, 'fail', 'serviceErrorPage'],
    ['said not assigned', 'cancelled', { reason: 'notAssignedPage' }, 'fail', 'notAssignedPage'],
    ['was stopped on purpose', 'cancelled', { reason: 'stopped' }, 'inconclusive', 'signInStopped'],
  ] as const)('one that %s', (_, kind, details, state, reason) => {
    expect(unfinishedSignIn(new SignInError(kind, details))).toMatchObject({ state, reason });
  });

  test.each([
    ['denied', {}],
    ['codeExpired', { code: 'invalid_grant' }],
    ['codeExpired', { reason: 'codeRefused' }],
  ] as const)("leaves a server's error to other checks: %s %o", (kind, details) => {
    expect(unfinishedSignIn(new SignInError(kind, details))).toBeUndefined();
  });
});

describe('withoutTokens', () => {
  test('keeps why a test sign-in returned no tokens, and does not fail checks that did not run', () => {
    const reasonOf = (...made: ConstructorParameters<typeof SignInError>) => {
      const { state, reason } = withoutTokens(new SignInError(...made));
      expect(state).toBe('inconclusive');
      return reason;
    };
    expect(reasonOf('cancelled', { reason: 'browserOpened' })).toBe('signInNotCompleted');
    expect(reasonOf('cancelled', { reason: 'providerErrorPage' })).toBe('signInFailed');
    expect(reasonOf('denied')).toBe('signInFailed');
    expect(reasonOf('cancelled')).toBe('notSignedIn');
  });
});
