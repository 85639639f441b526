import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createAwsCliCache } from '../../../../src/adapters/node/awsCliCache.ts';
import { createAwsCliPaths } from '../../../../src/adapters/node/awsCliPaths.ts';
import { temporaryFolder } from '../../fakes/temporaryFolder.ts';

describe('createAwsCliPaths', () => {
  test('shows paths below the home folder with ~, and others unchanged', () => {
    const home = join('/home', 'ana');
    const place = createAwsCliPaths(home);
    expect(place.hostName).toBe(hostname());
    expect(place.shown(join(home, '.aws', 'config'))).toBe(join('~', '.aws', 'config'));
    expect(place.shown(`${home}bel`)).toBe(`${home}bel`);
    expect(place.pathOf('a')).toMatch(/^~.\.aws.sso.cache.[\da-f]{40}\.json$/);
  });

  test('finds the files in the cache', async () => {
    await using home = await temporaryFolder();
    const place = createAwsCliPaths(home.path);
    expect(await place.found('a')).toBeUndefined();
    const token = {
      ...{
        startUrl: 'https://d-1234567890.awsapps.com/start',
        region: 'eu-central-1',
        accessToken: 'access-1',
      },
      ...{ expiresAt: 1000, clientId: 'client-1', clientSecret: 'secret-1', registrationExpiresAt: 2000 },
    };
    await createAwsCliCache(home.path).write('a', token);
    expect(await place.found('a')).toMatchObject(token);
  });
});
