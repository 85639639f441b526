import { describe, expect, test } from 'vitest';
import { endSessionAddress } from '../../../src/features/endSession.ts';
import { authorizationServer } from '../fakes/examples.ts';
import { jwt } from '../fakes/jwt.ts';

const page = 'https://id.example.com/logout';
const server = { ...authorizationServer, endSessionEndpoint: page };
const addressFor = (claims: object): string =>
  endSessionAddress(server, 'developer-sign-in', jwt({ sub: '00u1', ...claims })) ?? '';

describe('endSessionAddress', () => {
  test('is undefined if the server does not list a page', () => {
    expect(endSessionAddress(authorizationServer, 'developer-sign-in')).toBeUndefined();
  });

  test('names the client, but no token, login or redirect', () => {
    const address = addressFor({ preferred_username: 'ada@example.com', email: 'ada@example.com' });
    expect(address).toBe(`${page}?client_id=developer-sign-in`);
  });

  test.each([
    ['Microsoft Entra ID’s claim', { login_hint: 'O.CiQ 1+2&x', sid: '0a1b' }, 'O.CiQ 1+2&x'],
    ['the session of the server', { sid: '0a1b' }, '0a1b'],
  ])('has %s as its hint', (_what, claims, hint) => {
    const { searchParams } = new URL(addressFor(claims));
    expect([...searchParams]).toEqual([
      ['client_id', 'developer-sign-in'],
      ['logout_hint', hint],
    ]);
  });

  test.each([[{ login_hint: 7 }], [{ sid: '' }], [{ sid: 'x'.repeat(2001) }]])(
    'ignores the hint %o',
    (claims) => {
      expect(addressFor(claims)).toBe(`${page}?client_id=developer-sign-in`);
    },
  );

  test('keeps the parameters of the page itself', () => {
    const own = { ...server, endSessionEndpoint: `${page}?p=b2c_1_signin` };
    expect(endSessionAddress(own, 'a b')).toBe(`${page}?p=b2c_1_signin&client_id=a%20b`);
  });
});
