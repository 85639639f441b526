import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeAccessToken } from '../../../../src/core/oidc/accessToken.ts';
import { anyString } from '../../fakes/anyString.ts';
import { jwt } from '../../fakes/jwt.ts';

const claims = {
  iss: 'https://example.okta.com/oauth2/aus1a2b3c4d5',
  aud: 'api://default',
  sub: 'ada@example.com',
  uid: '00u1a2b3c4',
  cid: '0oa1b2c3d4E5f6G7h8i9',
  scp: ['offline_access', 'codewhisperer:completions'],
  iat: 1_767_225_600,
  exp: 1_767_229_200,
  auth_time: 1_767_225_500,
};

describe("decodeAccessToken: an access token's claims", () => {
  test('are read', () => {
    expect(decodeAccessToken(jwt(claims))).toEqual(claims);
  });

  test('are read in any script', () => {
    expect(decodeAccessToken(jwt({ sub: 'Ada Lövelace 🦊' }))).toEqual({ sub: 'Ada Lövelace 🦊' });
  });

  test('may have scopes as one text', () => {
    expect(decodeAccessToken(jwt({ scp: 'a:b  c ' })).scp).toEqual(['a:b', 'c']);
  });

  test('are omitted individually if they have a wrong type', () => {
    const odd = { ...claims, sub: 42, scp: 7, iat: '1767225600', aud: ['a', 'b'], exp: null };
    const { iss, uid, cid, auth_time } = claims;
    expect(decodeAccessToken(jwt(odd))).toEqual({ iss, uid, cid, auth_time });
  });

  test('include only known ones', () => {
    expect(decodeAccessToken(jwt({ uid: '00u1', email: 'ada@example.com', ver: 1 }))).toEqual({
      uid: '00u1',
    });
  });
});

describe('decodeAccessToken: a token without claims', () => {
  test.each([
    ['nothing', ''],
    ['opaque', 'aoaAAAAAGdX8hQ2yJ1kLmNoPqRsTuV'],
    ['of two parts', jwt(claims).split('.').slice(0, 2).join('.')],
    ['of four parts', `${jwt(claims)}.more`],
    ['encrypted, of five parts', 'a.b.c.d.e'],
    ['of empty parts', '..'],
    ['with a payload that is not base64', 'a.!!!.c'],
    ['with a payload that is not JSON', `a.${btoa('{"sub":')}.c`],
    ['with null', jwt(null)],
    ['with a number', jwt(42)],
    ['with a text', jwt('sub')],
    ['with a list', jwt(['sub'])],
  ])('is %s', (_, token) => {
    expect(decodeAccessToken(token)).toEqual({});
  });

  test('handles arbitrary text', () => {
    fc.assert(
      fc.property(fc.oneof(anyString(60), fc.base64String({ maxLength: 60 })), (text) => {
        return Object.keys(decodeAccessToken(text)).length === 0;
      }),
      { numRuns: 10_000 },
    );
  });
});

test('only claims of the correct type are returned, whatever the token contains', () => {
  const names = fc.constantFrom(...Object.keys(claims), '__proto__', 'constructor', 'other');
  fc.assert(
    fc.property(fc.dictionary(names, fc.jsonValue({ maxDepth: 2 })), (payload) => {
      return Object.entries(decodeAccessToken(jwt(payload))).every(([name, value]) => {
        const example: unknown = claims[name as keyof typeof claims];
        return typeof value === typeof example && Array.isArray(value) === Array.isArray(example);
      });
    }),
    { numRuns: 1000 },
  );
});
