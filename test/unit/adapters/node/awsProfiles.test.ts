import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { awsProfiles } from '../../../../src/adapters/node/awsProfiles.ts';
import { inEnvironment } from '../../fakes/sdkConfiguration.ts';

describe('awsProfiles', () => {
  test('awsProfiles lists the profiles of both files, but no sessions or services', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'aws-profiles-'));
    try {
      const config = join(folder, 'config');
      await writeFile(
        config,
        '[default]\nregion = us-east-1\n[profile admin]\nregion = us-east-1\n[sso-session corp]\nsso_region = us-east-1\n[services mine]\nregion = us-east-1\n',
      );
      const keys = join(folder, 'credentials');
      await writeFile(keys, '[default]\naws_access_key_id = A\n[build]\naws_access_key_id = B\n');
      const files = { AWS_CONFIG_FILE: config, AWS_SHARED_CREDENTIALS_FILE: keys };
      expect(await inEnvironment(files, awsProfiles)).toEqual(['admin', 'build', 'default']);
      const none = {
        AWS_CONFIG_FILE: join(folder, 'none'),
        AWS_SHARED_CREDENTIALS_FILE: join(folder, 'none'),
      };
      expect(await inEnvironment(none, awsProfiles)).toEqual([]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
