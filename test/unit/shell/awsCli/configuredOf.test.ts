import { describe, expect, test } from 'vitest';
import { configuredOf } from '../../../../src/shell/awsCli/configuredOf.ts';
import { identityCenterConnection, identityCenterSession, oktaConnection } from '../../fakes/examples.ts';

describe('configuredOf: the connection of a session as the settings have it now', () => {
  test('has what the settings say today', async () => {
    const today = { ...identityCenterConnection, name: 'Renamed', awsCli: 'work' };
    const connections = async () => [oktaConnection, today];
    expect(await configuredOf({ connections }, identityCenterSession)).toBe(today);
  });

  test('is not that of another start URL', async () => {
    const other = { ...identityCenterConnection, startUrl: 'https://other.awsapps.com/start' };
    expect(await configuredOf({ connections: async () => [other] }, identityCenterSession)).toBeUndefined();
  });
});
