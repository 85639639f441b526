import { describe, expect, test } from 'vitest';
import { SignInError } from '../../../src/core/oauth/errors.ts';
import { checkContext } from '../fakes/checkContext.ts';
import { oktaConnection } from '../fakes/examples.ts';
import { testTokens, tokenTypeHeader, unfinishedSignIn } from '../../../src/setup/testSignIn.ts';

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
    ['codeExpired', { reason: 'codeRefused' }],
  ] as const)("leaves a server's error to other checks: %s %o", (kind, details) => {
    expect(unfinishedSignIn(new SignInError(kind, details))).toBeUndefined();
  });
});

describe('testTokens', () => {
  test.each([
    ['signInNotCompleted', new SignInError('cancelled', { reason: 'browserOpened' })],
    ['signInFailed', new SignInError('cancelled', { reason: 'providerErrorPage' })],
    ['signInFailed', new SignInError('denied')],
    ['notSignedIn', new SignInError('cancelled')],
  ])('%s: without tokens the reason is kept, and no unrun check fails', async (reason, error) => {
    const context = checkContext({});
    const lookups = { ...context.lookups, testSignIn: () => Promise.reject(error) };
    expect(await testTokens({ ...context, lookups })).toMatchObject({ state: 'inconclusive', reason });
  });
});

test('tokenTypeHeader: AWS is told of a token that Okta issued', () => {
  expect(tokenTypeHeader({ oktaClient: oktaConnection })).toEqual({ tokentype: 'EXTERNAL_IDP' });
  expect(tokenTypeHeader({})).toEqual({});
});
