import { homedir, userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { createAwsCliPaths } from '../../../../src/adapters/node/awsCliPaths.ts';
import { awsConfigPath } from '../../../../src/adapters/node/awsConfig.ts';
import { homeFolder } from '../../../../src/adapters/node/homeFolder.ts';

const without = (): string => {
  throw new Error('uv_os_homedir returned ENOENT');
};

describe('homeFolder', () => {
  test('is the one that the system names', () => {
    expect(homeFolder()).toBe(homedir());
  });

  test.each(['', 'here', './x'])(
    'the folder of a repository was taken for the home folder if HOME is %j',
    (home) => {
      vi.stubEnv('HOME', home);
      expect(homeFolder()).toBe(userInfo().homedir);
      expect(awsConfigPath({})).toBe(join(userInfo().homedir, '.aws', 'config'));
      expect(isAbsolute(createAwsCliPaths().pathOf('x').replace(/^~/, homeFolder()))).toBe(true);
    },
  );

  test('the root stands for it where the system has none, as for a random user of a container', () => {
    expect(homeFolder([without, without])).toBe('/');
    expect(homeFolder([without, () => '/home/ana'])).toBe('/home/ana');
    expect(homeFolder([() => '', () => ''])).toBe('/');
  });
});
