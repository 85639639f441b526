import { describe, expect, test } from 'vitest';
import { readGrantedScopes } from '../../../../src/core/oauth/scopes.ts';

describe('readGrantedScopes', () => {
  test.each<readonly [string, unknown, readonly string[], readonly string[]]>([
    ['a list with spaces', 'openid a', ['openid', 'a', 'b'], ['openid', 'a']],
    ['an array', ['openid', 'a'], ['openid', 'a', 'b'], ['openid', 'a']],
    [
      'LinkedIn’s list with commas',
      'email,openid,profile',
      ['openid', 'email'],
      ['email', 'openid', 'profile'],
    ],
    ['a list with commas and spaces', 'a, b', ['a', 'b'], ['a', 'b']],
    ['a scope that contains a comma', 'a,b c', ['a,b', 'c'], ['a,b', 'c']],
    ['nothing', '', ['a'], ['a']],
    ['null', null, ['a'], ['a']],
    ['commas only', ',,', ['a'], ['a']],
    ['fewer than requested', 'a', ['a', 'b'], ['a']],
  ])('reads %s', (_, scope, requested, granted) => {
    expect(readGrantedScopes(scope, requested)).toEqual(granted);
  });

  test.each([
    ['in another case', 'admin', 'Admin'],
    ['without the address of its API', 'read', 'https://api.example.com/read'],
    ['instead of .default', 'read', 'https://api.example.com/.default'],
  ])('takes a scope that a server grants %s for no requested one', (_, granted, requested) => {
    expect(readGrantedScopes(granted, [requested])).toEqual([granted]);
  });
});
