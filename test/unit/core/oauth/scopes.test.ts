import { describe, expect, test } from 'vitest';
import { readGrantedScopes } from '../../../../src/core/oauth/scopes.ts';

const api = 'api://contoso-api';
const azureDevOps = '499b84ac-1321-427f-aa17-267ca6975798';

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

  test.each<readonly [string, string, string]>([
    ['in another case', 'User.Read', 'user.read'],
    ['without the address of its API', 'access', `${api}/access`],
    ['without the ID of its API', 'user_impersonation', `${azureDevOps}/user_impersonation`],
  ])('spells a scope that Entra ID returns %s as it was requested', (_, scope, requested) => {
    expect(readGrantedScopes(`${scope} openid`, ['openid', requested])).toEqual([requested, 'openid']);
  });

  test('keeps .default, which Entra ID answers with what it stands for', () => {
    const requested = ['openid', `${api}/.default`];
    expect(readGrantedScopes(`${api}/access`, requested)).toEqual([`${api}/access`, `${api}/.default`]);
  });

  test.each([
    ['another API', 'access', 'api://contoso-api/no-access'],
    ['a scope with a plain path', 'read', 'files/read'],
    ['a longer one', 'user.read', 'user.read.all'],
  ])('does not take a scope for %s', (_, granted, requested) => {
    expect(readGrantedScopes(granted, [requested])).toEqual([granted]);
  });
});
