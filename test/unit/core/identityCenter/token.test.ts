import { describe, expect, test } from 'vitest';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import type { SignInErrorKind } from '../../../../src/core/oauth/errors.ts';
import { parseTokenResponse, refresh as refreshTokens } from '../../../../src/core/identityCenter/token.ts';
import { OAuthErrorResponse } from '../../../../src/core/oauth/errorResponse.ts';
import { hour, january, registration, tokenSet } from '../../fakes/examples.ts';
import { fakeClock } from '../../fakes/fakeClock.ts';
import { fakeSsoOidc } from '../../fakes/fakeSsoOidc.ts';
import { rejectionOf, thrownBy } from '../../fakes/thrownBy.ts';

const never = new AbortController().signal;
const answer = { accessToken: 'access-2', tokenType: 'Bearer', expiresIn: 900, refreshToken: 'refresh-2' };

describe("parseTokenResponse: CreateToken's response", () => {
  const read = (given: unknown) => parseTokenResponse(given, january, ['a', 'b']);

  test("is a token set with the registration's scopes", () => {
    expect(read(answer)).toEqual({
      accessToken: 'access-2',
      refreshToken: 'refresh-2',
      obtainedAt: january,
      expiresAt: january + 900 * 1000,
      scopes: ['a', 'b'],
    });
  });

  test.each([
    ['absent', undefined],
    ['null', null],
    ['empty', ''],
    ['a number', 42],
    ['an object', {}],
  ])('may lack a refresh token: %s', (_, none) => {
    expect(read({ ...answer, refreshToken: none })).not.toHaveProperty('refreshToken');
  });

  test('may lack a token type, or spell it differently', () => {
    expect(read({ accessToken: 'access-2' }).expiresAt).toBe(january + hour);
    expect(read({ ...answer, tokenType: 'bearer' }).accessToken).toBe('access-2');
  });

  test('may have its lifetime as digits in a string', () => {
    expect(read({ ...answer, expiresIn: '3600' }).expiresAt).toBe(january + hour);
  });

  test.each([
    ['nothing', undefined],
    ['an empty object', {}],
    ['a text', 'access-2'],
    ['an empty access token', { ...answer, accessToken: '' }],
    ['a number as access token', { ...answer, accessToken: 42 }],
    ['another token type', { ...answer, tokenType: 'mac' }],
  ])('counts as missing if it is %s', (_, given) => {
    const { kind, details } = thrownBy(() => read(given));
    expect(kind).toBe('invalidResponse');
    expect(JSON.stringify(details)).not.toContain('access-2');
  });
});

describe('a refresh', () => {
  const before = { ...tokenSet, refreshToken: 'refresh-1' };
  const refresh = (given: unknown) => {
    const oidc = fakeSsoOidc().willAnswer('createToken', given);
    return { oidc, done: refreshTokens(fakeClock(january), oidc, { registration, before }, never) };
  };

  test('sends the refresh token with its registration', async () => {
    const { oidc, done } = refresh(answer);
    expect((await done).tokenSet).toMatchObject({ accessToken: 'access-2', refreshToken: 'refresh-2' });
    const { clientId, clientSecret } = registration;
    const request = { clientId, clientSecret, grantType: 'refresh_token', refreshToken: 'refresh-1' };
    expect(oidc.asked).toEqual([['createToken', request]]);
  });

  test.each([undefined, null, ''])('keeps the old refresh token if the response has %o', async (none) => {
    const { done } = refresh({ ...answer, refreshToken: none });
    expect((await done).tokenSet).toMatchObject({ accessToken: 'access-2', refreshToken: 'refresh-1' });
  });

  test.each<readonly [string, SignInErrorKind]>([
    ['invalid_grant', 'grantRevoked'],
    ['invalid_client', 'registrationRefused'],
    ['unauthorized_client', 'registrationRefused'],
    ['access_denied', 'grantRevoked'],
    ['slow_down', 'rateLimited'],
  ])('that fails with %s is %s', async (word, kind) => {
    const { done } = refresh(new OAuthErrorResponse(word, { operation: 'createToken', status: 400 }));
    expect(await rejectionOf(done)).toMatchObject({ kind });
  });

  test("that fails on the way keeps the transport's error, without a retry here", async () => {
    const failure = new SignInError('timeout');
    const { oidc, done } = refresh(failure);
    expect(await rejectionOf(done)).toBe(failure);
    expect(oidc.asked).toHaveLength(1);
  });

  test.each([
    ['expiresIn is null', { expiresIn: null }],
    ['expiresIn is a text', { expiresIn: '1e3 seconds' }],
    ['expiresIn is an object', { expiresIn: {} }],
    ['tokenType is a number', { tokenType: 1 }],
    ['tokenType is spelled otherwise', { tokenType: 'BEARER ' }],
    ['idToken is null', { idToken: null }],
    ['there are members of a later version', { issuedTokenType: {}, scope: ['a'] }],
  ])('F9: stores a rotated refresh token if %s', async (_, strange) => {
    const { refused, tokenSet: stored } = await refresh({ ...answer, ...strange }).done;
    expect(refused).toBeUndefined();
    expect(stored).toMatchObject({ accessToken: 'access-2', refreshToken: 'refresh-2' });
  });

  test.each([
    ['no access token', { accessToken: null }, 'noToken'],
    ['an access token that is bound to a key', { tokenType: 'DPoP' }, 'dpop'],
  ])('F9: keeps a rotated refresh token that arrives with %s', async (_, strange, reason) => {
    const { refused, tokenSet: stored } = await refresh({ ...answer, ...strange }).done;
    expect(stored).toEqual({ ...before, refreshToken: 'refresh-2' });
    expect(refused).toMatchObject({ details: { reason } });
  });
});
