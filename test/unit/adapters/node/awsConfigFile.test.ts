import { lstat, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { awsConfigFile } from '../../../../src/adapters/node/awsConfigFile.ts';
import { temporaryFolder } from '../../fakes/temporaryFolder.ts';

const lines = ['[profile dev]', 'region = x'];

describe('awsConfigFile', () => {
  test('makes the file, for its owner alone', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, '.aws', 'config');
    const file = awsConfigFile(path);
    expect(await file.read()).toBe('');
    await file.append(lines);
    expect(await file.read()).toBe('[profile dev]\nregion = x\n');
    if (process.platform !== 'win32') expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test('adds at the end, and leaves what is there as it is', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'config');
    for (const before of ['[default]\nregion = y', '# mine\n[default]\n']) {
      await writeFile(path, before);
      await awsConfigFile(path).append(lines);
      expect(await readFile(path, 'utf8')).toBe(`${before.trimEnd()}\n\n[profile dev]\nregion = x\n`);
    }
  });

  test.skipIf(process.platform === 'win32')('a file that is a link stays one', async () => {
    await using folder = await temporaryFolder();
    const [real, path] = [join(folder.path, 'dotfile'), join(folder.path, 'config')];
    await writeFile(real, '');
    await symlink(real, path);
    await awsConfigFile(path).append(lines);
    expect((await lstat(path)).isSymbolicLink()).toBe(true);
    expect(await readFile(real, 'utf8')).toMatch(/profile dev/);
  });
});
