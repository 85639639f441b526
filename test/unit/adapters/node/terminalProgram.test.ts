import { chmodSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { terminalProgram } from '../../../../src/adapters/node/terminalProgram.ts';
import { temporaryFolder } from '../../fakes/temporaryFolder.ts';

async function scripts() {
  const folder = await temporaryFolder();
  const bin = join(folder.path, 'bin');
  mkdirSync(bin);
  const script = join(bin, 'sso-token');
  writeFileSync(script, '');
  chmodSync(script, 0o644);
  return { bin, script, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}

describe('terminalProgram', () => {
  test('makes the script executable, and names its interpreter', async () => {
    await using here = await scripts();
    const { command, path, variables } = await terminalProgram(here.bin, 'linux');
    expect(command).toBe('sso-token');
    expect(path.startsWith(here.bin)).toBe(true);
    expect(variables).toEqual({
      DEVELOPER_SIGN_IN_NODE: process.execPath,
      DEVELOPER_SIGN_IN_NODE_OPTIONS: '',
    });
    if (process.platform !== 'win32') expect(statSync(here.script).mode & 0o111).not.toBe(0);
  });

  test('has a name on Windows that programs can start without a shell', async () => {
    await using here = await scripts();
    expect((await terminalProgram(here.bin, 'win32')).command).toBe('sso-token.cmd');
  });
});
