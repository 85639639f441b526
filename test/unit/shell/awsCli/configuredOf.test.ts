import { describe, expect, test } from 'vitest';
import { configuredOf } from '../../../../src/shell/awsCli/configuredOf.ts';
import { identityCenterConnection, identityCenterSession, oktaConnection } from '../../fakes/examples.ts';

describe("configuredOf: the current settings of a session's connection", () => {
  test('contains the current settings', async () => {
    const today = { ...identityCenterConnection, name: 'Renamed', awsCli: 'work' };
    const connections = async () => [oktaConnection, today];
    expect(await configuredOf({ connections }, identityCenterSession)).toBe(today);
  });

  test('excludes a different start URL', async () => {
    const other = { ...identityCenterConnection, startUrl: 'https://other.awsapps.com/start' };
    expect(await configuredOf({ connections: async () => [other] }, identityCenterSession)).toBeUndefined();
  });
});
