import { describe, expect, test } from 'vitest';
import {
  abortError,
  errorEffects,
  findSignInError,
  isCancelled,
  SignInError,
} from '../../../../src/core/oauth/errors.ts';
import type { ErrorEffect, SignInErrorKind } from '../../../../src/core/oauth/errors.ts';

type Row = readonly [SignInErrorKind, ErrorEffect['group'], ErrorEffect['session'], ErrorEffect['retry']];

const rows: readonly Row[] = [
  ['cancelled', 'user', 'kept', 'no'],
  ['denied', 'user', 'kept', 'no'],
  ['signInNeeded', 'user', 'kept', 'no'],
  ['codeExpired', 'user', 'kept', 'no'],
  ['invalidInput', 'user', 'kept', 'no'],
  ['connectionChanged', 'user', 'kept', 'no'],
  ['network', 'transient', 'kept', 'atOnce'],
  ['timeout', 'transient', 'kept', 'atOnce'],
  ['serverError', 'transient', 'kept', 'later'],
  ['rateLimited', 'transient', 'kept', 'later'],
  ['invalidResponse', 'transient', 'kept', 'later'],
  ['proxy', 'environment', 'kept', 'later'],
  ['certificate', 'environment', 'kept', 'later'],
  ['metadataMissing', 'environment', 'kept', 'later'],
  ['metadataMismatch', 'environment', 'kept', 'no'],
  ['noFlow', 'environment', 'kept', 'no'],
  ['portsUnavailable', 'local', 'kept', 'later'],
  ['storage', 'local', 'kept', 'later'],
  ['configuration', 'local', 'kept', 'later'],
  ['lockBusy', 'local', 'kept', 'later'],
  ['credentialStoreLost', 'local', 'over', 'no'],
  ['registrationRefused', 'clientRegistration', 'over', 'no'],
  ['grantRevoked', 'grantRevoked', 'over', 'no'],
  ['policy', 'policy', 'kept', 'no'],
  ['blockedByOrganization', 'policy', 'kept', 'no'],
  ['notAssigned', 'policy', 'kept', 'no'],
  ['scopeRefused', 'policy', 'kept', 'no'],
  ['requestRefused', 'policy', 'kept', 'no'],
  ['invalidStartUrl', 'policy', 'kept', 'no'],
];

describe('errorEffects: the meaning of an error', () => {
  test.each(rows)('%s is %s: the session is %s, retry %s', (kind, group, session, retry) => {
    expect(errorEffects[kind]).toEqual({ group, session, retry });
  });

  test('every kind has a row here', () => {
    expect(rows.map(([kind]) => kind).sort()).toEqual(Object.keys(errorEffects).sort());
  });

  test('errors that end a session are never retried', () => {
    const over = Object.values(errorEffects).filter(({ session }) => session === 'over');
    expect(over.map(({ retry }) => retry)).toEqual(over.map(() => 'no'));
  });
});

describe('a SignInError', () => {
  test('has in its message what failed and where, and nothing else', () => {
    const details = { operation: 'token', host: 'a.example', status: 400, code: 'invalid_grant' };
    const error = new SignInError('grantRevoked', { ...details, description: 'words', input: 'typed' });
    expect(error.message).toBe('grantRevoked (token, a.example, 400, invalid_grant)');
    expect(error.name).toBe('SignInError');
  });

  test('without details has its kind as message', () => {
    expect(new SignInError('cancelled').message).toBe('cancelled');
  });

  test('keeps its cause', () => {
    const cause = new Error('below');
    expect(new SignInError('network', {}, cause).cause).toBe(cause);
    expect('cause' in new SignInError('network')).toBe(false);
  });
});

describe('the SignInError in a chain of causes', () => {
  const wrap = (error: unknown, times: number): unknown =>
    times === 0 ? error : wrap(new Error('wrapped', { cause: error }), times - 1);
  const timeout = new SignInError('timeout');

  test.each([0, 1, 2, 5])('is found behind %i wrappers', (times) => {
    expect(findSignInError(wrap(timeout, times))).toBe(timeout);
  });

  test('is the outermost one', () => {
    expect(findSignInError(new SignInError('network', {}, timeout))?.kind).toBe('network');
  });

  test.each([undefined, null, 'text', 42, { kind: 'timeout' }, new Error('plain'), wrap('text', 2)])(
    'is not in %o',
    (error) => {
      expect(findSignInError(error)).toBeUndefined();
    },
  );

  test('a circular chain of causes ends', () => {
    const circle = new Error('circle');
    circle.cause = circle;
    expect(findSignInError(circle)).toBeUndefined();
  });

  test('says whether the user canceled', () => {
    expect(isCancelled(wrap(new SignInError('cancelled'), 3))).toBe(true);
    expect(isCancelled(wrap(timeout, 3))).toBe(false);
    expect(isCancelled(new DOMException('aborted', 'AbortError'))).toBe(false);
  });
});

describe('abortError: the reason of an aborted signal', () => {
  const reasonOf = (reason: unknown) => abortError(AbortSignal.abort(reason), { operation: 'token' });

  test('is unchanged if it is a SignInError', () => {
    const reason = new SignInError('codeExpired');
    expect(reasonOf(reason)).toBe(reason);
  });

  test.each([
    ['a time-out that ran out', new DOMException('late', 'TimeoutError'), 'timeout'],
    ['a person who gave up', undefined, 'cancelled'],
    ['any other error', new Error('enough'), 'cancelled'],
    ['a text', 'enough', 'cancelled'],
  ])('is %s', (_, reason, kind) => {
    expect(reasonOf(reason)).toMatchObject({ kind, details: { operation: 'token' } });
  });
});
