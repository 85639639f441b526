import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { writeNativeStubs } from '../../host/nativeStubs.ts';

describe('writeNativeStubs', () => {
  let workbench: string;
  const entryOf = (name: string) => join(workbench, 'node_modules', name, 'index.js');

  function install(...names: readonly string[]): void {
    for (const name of names) {
      mkdirSync(join(workbench, 'node_modules', name), { recursive: true });
      writeFileSync(entryOf(name), 'native');
    }
  }

  beforeEach(() => {
    workbench = mkdtempSync(join(tmpdir(), 'native-stubs-'));
  });
  afterEach(() => {
    rmSync(workbench, { recursive: true, force: true });
  });

  test.each(['@vscode/native-watchdog', 'native-watchdog'])(
    'replaces the watchdog as %s: in VS Code 1.105 it has no scope',
    (watchdog) => {
      install('@vscode/spdlog', watchdog);
      writeNativeStubs(workbench);
      expect(readFileSync(entryOf(watchdog), 'utf8')).toContain('process.kill(pid, 0)');
      expect(readFileSync(entryOf('@vscode/spdlog'), 'utf8')).toContain('createRotatingLogger');
    },
  );

  test('names a package that the workbench no longer has', () => {
    install('@vscode/spdlog');
    expect(() => {
      writeNativeStubs(workbench);
    }).toThrow('code-server has no @vscode/native-watchdog/index.js any more.');
  });
});
