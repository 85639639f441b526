import { describe, expect, test } from 'vitest';
import { connectionOf } from '../../../src/features/ssoSession.ts';
import { thrownBy } from '../fakes/thrownBy.ts';

const section = {
  name: 'my-company',
  startUrl: 'https://d-1234567890.awsapps.com/start/#/',
  region: 'eu-central-1',
  scopes: [],
};

describe('connectionOf', () => {
  test('a section is a connection with its name, and its address in normal form', () => {
    expect(connectionOf(section)).toEqual({
      type: 'identityCenter',
      name: 'my-company',
      startUrl: 'https://d-1234567890.awsapps.com/start',
      region: 'eu-central-1',
    });
  });

  test('has the scopes that the section lists', () => {
    expect(connectionOf({ ...section, scopes: ['sso:account:access'] }).scopes).toEqual([
      'sso:account:access',
    ]);
  });

  test('the Region in the address takes precedence', () => {
    const startUrl = 'https://ssoins-1234567890abcdef.portal.eu-west-1.app.aws';
    expect(connectionOf({ ...section, startUrl, region: '' })).toMatchObject({ region: 'eu-west-1' });
  });

  test.each([
    [{ startUrl: '' }, { operation: 'startUrl', reason: 'empty' }],
    [{ startUrl: 'ftp://d-1234567890.awsapps.com/start' }, { operation: 'startUrl', reason: 'notHttps' }],
    [{ region: '' }, { operation: 'region' }],
    [{ region: 'Frankfurt' }, { operation: 'region' }],
    [{ scopes: ['a b'] }, { operation: 'ssoSession', reason: 'scopes' }],
  ])('ignores it with %j', (wrong, details) => {
    expect(thrownBy(() => connectionOf({ ...section, ...wrong }))).toMatchObject({
      kind: 'invalidInput',
      details,
    });
  });
});
