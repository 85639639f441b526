import { execFileSync } from 'node:child_process';
import { appendFile, chmod, lstat, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { findSsoSessions } from '../../../../src/adapters/node/awsConfig.ts';
import { awsConfigFile } from '../../../../src/adapters/node/awsConfigFile.ts';
import { temporaryFolder } from '../../fakes/temporaryFolder.ts';

const lines = ['[profile dev]', 'region = x'];

afterEach(() => vi.unstubAllEnvs());

vi.mock(import('node:fs/promises'), async (original) => {
  const actual = await original();
  return { ...actual, appendFile: vi.fn(actual.appendFile) };
});

describe('awsConfigFile', () => {
  test('creates the file for its owner only', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, '.aws', 'config');
    const file = awsConfigFile(path);
    expect(await file.read()).toBe('');
    await file.append(lines);
    expect(await file.read()).toBe('[profile dev]\nregion = x\n');
    if (process.platform !== 'win32') expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test('uses the file that AWS_CONFIG_FILE names, which is also read for sections', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'elsewhere');
    vi.stubEnv('AWS_CONFIG_FILE', path);
    await awsConfigFile().append(['[sso-session a]', 'sso_region = x']);
    expect(await readFile(path, 'utf8')).toBe('[sso-session a]\nsso_region = x\n');
    expect(await findSsoSessions()).toMatchObject({ file: path, sections: [{ name: 'a' }] });
  });

  test.skipIf(process.platform === 'win32')('does not wait for the writer of a named pipe', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'config');
    execFileSync('mkfifo', [path]);
    await expect(awsConfigFile(path).read()).rejects.toMatchObject({ code: 'ESPIPE' });
    expect(await findSsoSessions(path)).toMatchObject({ errorCode: 'ESPIPE' });
  });

  test.skipIf(process.platform === 'win32')('a device such as /dev/zero was read without end', async () => {
    await expect(awsConfigFile('/dev/zero').read()).rejects.toMatchObject({ code: 'ESPIPE' });
    expect(await findSsoSessions('/dev/zero')).toMatchObject({ errorCode: 'ESPIPE' });
    expect(await findSsoSessions('/dev/null')).not.toHaveProperty('errorCode');
  });

  // A limit for the size of a file cuts a write off, as a full disk does.
  test.skipIf(process.platform === 'win32')('a full disk left half of a section behind', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'config');
    const before = `[default]\n# ${'x'.repeat(980)}\n`;
    await writeFile(path, before);
    const module = fileURLToPath(new URL('../../../../src/adapters/node/awsConfigFile.ts', import.meta.url));
    const script = `import { awsConfigFile } from ${JSON.stringify(module)};
      await awsConfigFile(${JSON.stringify(path)}).append(['[sso-session a]', 'sso_start_url = https://example']).catch(({ code }) => console.log(code));`;
    const run = ['-c', 'ulimit -f 1; exec "$0" --input-type=module -e "$1"', process.execPath, script];
    expect(execFileSync('bash', run, { encoding: 'utf8' })).toMatch(/^(EFBIG|ENOSPC)\n$/);
    expect(await readFile(path, 'utf8')).toBe(before);
  });

  test('a failed write removed what another program had added meanwhile', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'config');
    await writeFile(path, '[default]\n');
    vi.mocked(appendFile).mockImplementationOnce(async (file) => {
      await writeFile(file, '[profile other]\n', { flag: 'a' });
      throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
    });
    await expect(awsConfigFile(path).append(lines)).rejects.toMatchObject({ code: 'ENOSPC' });
    expect(await readFile(path, 'utf8')).toBe('[default]\n[profile other]\n');
  });

  test('appends, and leaves existing content unchanged', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'config');
    for (const before of ['[default]\nregion = y', '# mine\n[default]\n']) {
      await writeFile(path, before);
      await awsConfigFile(path).append(lines);
      expect(await readFile(path, 'utf8')).toBe(`${before.trimEnd()}\n\n[profile dev]\nregion = x\n`);
    }
  });

  test("appends with the file's line ends", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'config');
    await writeFile(path, '[default]\r\nregion = y\r\n');
    await awsConfigFile(path).append(lines);
    expect(await readFile(path, 'utf8')).toBe(
      '[default]\r\nregion = y\r\n\r\n[profile dev]\r\nregion = x\r\n',
    );
  });

  test.skipIf(process.platform === 'win32')(
    'changes text, and preserves the link and permissions',
    async () => {
      await using folder = await temporaryFolder();
      const [real, path] = [join(folder.path, 'dotfile'), join(folder.path, 'config')];
      await writeFile(real, 'one', { mode: 0o640 });
      await chmod(real, 0o640);
      await symlink(real, path);
      await awsConfigFile(path).change((text) => `${text} two`);
      expect(await readFile(real, 'utf8')).toBe('one two');
      expect((await lstat(path)).isSymbolicLink()).toBe(true);
      expect((await stat(real)).mode & 0o777).toBe(0o640);
    },
  );

  test.skipIf(process.platform === 'win32')('keeps a linked file a link', async () => {
    await using folder = await temporaryFolder();
    const [real, path] = [join(folder.path, 'dotfile'), join(folder.path, 'config')];
    await writeFile(real, '');
    await symlink(real, path);
    await awsConfigFile(path).append(lines);
    expect((await lstat(path)).isSymbolicLink()).toBe(true);
    expect(await readFile(real, 'utf8')).toMatch(/profile dev/);
  });

  /** As written by PowerShell and Notepad, and in a Windows code page; `ü` has different bytes in each. */
  const spellings = [
    ['UTF-8', (text: string) => Buffer.from(text)],
    ['UTF-8 with a mark', (text: string) => Buffer.from(`\ufeff${text}`)],
    ['UTF-16', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['UTF-16, big-endian', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
    ['UTF-16 without a mark', (text: string) => Buffer.from(text, 'utf16le')],
    ['the code page of Windows', (text: string) => Buffer.from(text, 'latin1')],
  ] as const;

  test.each(spellings)('F17: keeps a file in %s, without losing content', async (_, spell) => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'config');
    const before = '[profile münchen]\r\nregion = x\r\n';
    await writeFile(path, spell(before));
    const file = awsConfigFile(path);
    expect(await file.read()).toBe(before);
    await file.append(lines);
    const added = `${before}\r\n[profile dev]\r\nregion = x\r\n`;
    expect(await readFile(path)).toEqual(spell(added));
    await file.change((text) => text.replace('region = x\r', 'region = y\r'));
    expect(await readFile(path)).toEqual(spell(added.replace('= x\r', '= y\r')));
  });

  test('F17: keeps bytes of unknown encodings, and never turns a character into a line end', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'config');
    const odd = Buffer.from([0x23, 0x20, 0x81, 0x8d, 0x80, 0xfc, 0x0a]);
    await writeFile(path, odd);
    await awsConfigFile(path).append(['# \u010a日']);
    expect(await readFile(path)).toEqual(Buffer.concat([odd, Buffer.from('\n# ??\n')]));
  });
});
