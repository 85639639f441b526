import { describe, expect, test } from 'vitest';
import { parseTokenResponse } from '../../../../src/core/oidc/token.ts';
import { hour, january } from '../../fakes/examples.ts';
import { jwt } from '../../fakes/jwt.ts';
import { thrownBy } from '../../fakes/thrownBy.ts';

const answer = {
  access_token: 'access-2',
  token_type: 'Bearer',
  expires_in: 900,
  refresh_token: 'refresh-2',
  scope: 'codewhisperer:completions offline_access',
};

describe("parseTokenResponse: a token endpoint's response", () => {
  const read = (given: unknown) => parseTokenResponse(given, january, ['a', 'b']);

  test('is a token set', () => {
    expect(read(answer)).toEqual({
      accessToken: 'access-2',
      refreshToken: 'refresh-2',
      obtainedAt: january,
      expiresAt: january + 900 * 1000,
      scopes: ['codewhisperer:completions', 'offline_access'],
    });
  });

  test('without scopes has the requested ones (RFC 6749, 5.1)', () => {
    expect(read({ ...answer, scope: undefined }).scopes).toEqual(['a', 'b']);
  });

  test('may have fewer scopes, with any whitespace', () => {
    expect(read({ ...answer, scope: ' a  b ' }).scopes).toEqual(['a', 'b']);
  });

  test.each([
    ['absent', undefined, hour],
    ['digits in a string', '900', 900_000],
    ['negative', -1, hour],
    ['huge', 1e12, 366 * 24 * hour],
  ])('has a lifetime that is %s', (_, expires_in, life) => {
    expect(read({ ...answer, expires_in }).expiresAt).toBe(january + life);
  });

  test.each([
    ['its own times', { iat: 1000, exp: 1300 }, undefined, 300_000],
    ['its own times, with null', { iat: 1000, exp: 1300 }, null, 300_000],
    ['expires_in, whatever its own times', { iat: 1000, exp: 1300 }, 900, 900_000],
    ['its own times, with zero', { iat: 1000, exp: 1300 }, 0, 300_000],
    ['its own times, with a negative number', { iat: 1000, exp: 1300 }, -1, 300_000],
    ['its own times, with words', { iat: 1000, exp: 1300 }, 'soon', 300_000],
    ['at most a year', { iat: 0, exp: 1e12 }, 0, 366 * 24 * hour],
    ['an hour, without a start', { exp: 1300 }, undefined, hour],
    ['an hour, with an end before its start', { iat: 1300, exp: 1000 }, undefined, hour],
  ])('a JWT without expires_in was served for an hour: it has %s', (_, claims, expires_in, life) => {
    const { expiresAt } = read({ ...answer, access_token: jwt(claims), expires_in });
    expect(expiresAt).toBe(january + life);
  });

  test.each([undefined, ''])('may lack a refresh token: %o', (refresh_token) => {
    expect(read({ ...answer, refresh_token })).not.toHaveProperty('refreshToken');
  });

  test.each([
    ['nothing', undefined],
    ['an empty object', {}],
    ['a text', 'access-2'],
    ['one without an access token', { token_type: 'Bearer' }],
    ['one with an empty access token', { ...answer, access_token: '' }],
    ['one with a number as access token', { ...answer, access_token: 42 }],
    ['one whose access token adds a header (RFC 6749, A.12)', { ...answer, access_token: 'a\r\nX: y' }],
    ['one whose access token no header can have', { ...answer, access_token: 'tökén' }],
    ['one of another token type', { ...answer, token_type: 'mac' }],
  ])('counts as missing if it is %s', (_, given) => {
    const { kind, details } = thrownBy(() => read(given));
    expect(kind).toBe('invalidResponse');
    expect(JSON.stringify(details)).not.toContain('access-2');
  });

  test.each([null, '', [], 42, {}, '\u0000', 'x'.repeat(201)])(
    'F9: with the scope %o has the requested ones',
    (scope) => {
      expect(read({ ...answer, scope }).scopes).toEqual(['a', 'b']);
    },
  );

  test('F9: may have its scopes as a list', () => {
    expect(read({ ...answer, scope: ['a', 'c', 7, 'a'] }).scopes).toEqual(['a', 'c']);
  });

  test('10.03: keeps at most 100 scopes of 200 characters', () => {
    const many = Array.from({ length: 400_000 }, (_, index) => `s${index}`);
    expect(read({ ...answer, scope: many.join(' ') }).scopes).toEqual(many.slice(0, 100));
    expect(read({ ...answer, scope: `a ${'x'.repeat(1024 * 1024)}` }).scopes).toEqual(['a']);
    expect(read({ ...answer, scope: `a ${'x'.repeat(201)} c"d b` }).scopes).toEqual(['a', 'b']);
  });

  test.each([undefined, null, '', 'BEARER', 'bearer', ' Bearer ', 7])(
    'F9: accepts %o as its token type',
    (token_type) => {
      expect(read({ ...answer, token_type }).accessToken).toBe('access-2');
    },
  );

  test.each([null, 'soon', -1, 0, {}, [], true, '', NaN])(
    'F9: is valid for an hour with the lifetime %o',
    (expires_in) => {
      expect(read({ ...answer, expires_in }).expiresAt).toBe(january + hour);
    },
  );

  test.each([null, '', 42, {}])('F9: has no refresh token if it is %o', (refresh_token) => {
    expect(read({ ...answer, refresh_token })).not.toHaveProperty('refreshToken');
  });

  test('F13: reports a token that is bound to a key (DPoP)', () => {
    expect(thrownBy(() => read({ ...answer, token_type: 'DPoP' }))).toMatchObject({
      kind: 'requestRefused',
      details: { reason: 'dpop' },
    });
  });
});
