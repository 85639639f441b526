import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { distFolder } from '../tools/lib/paths.ts';
import type { InstalledHost } from './installHost.ts';

/**
 * Built-in extensions that tests use, or that share UI with ours: authentication, JSON and settings, terminals,
 * tasks, debugging, Git, and themes. The other eighty add a language or theme each, and a fifth of a window's
 * load time.
 */
const KEPT = [
  'configuration-editing',
  'debug-auto-launch',
  'git',
  'git-base',
  'github-authentication',
  'javascript',
  'json',
  'json-language-features',
  'log',
  'markdown-basics',
  'microsoft-authentication',
  'ms-vscode.js-debug',
  'npm',
  'shellscript',
  'terminal-suggest',
  'theme-defaults',
  'theme-modern-icons',
  'theme-seti',
];

/**
 * Arguments of a host that keeps only the built-in extensions in {@link KEPT}: its windows load faster, for tests
 * that do not depend on the others.
 */
export function leanArguments(host: InstalledHost): readonly string[] {
  return ['--vscode-option', `builtin-extensions-dir=${keptExtensions(host)}`];
}

/** Lets the Node of a host cache compiled code, so that its next start compiles less. */
export const COMPILE_CACHE = { NODE_COMPILE_CACHE: join(distFolder, 'test/compiled') } as const;

/** A folder of links to them, created once per editor. Older editors lack some of them. */
function keptExtensions({ entry }: InstalledHost): string {
  const codeServer = join(dirname(entry), '../..');
  const all = join(codeServer, 'lib/vscode/extensions');
  const parent = join(distFolder, 'test/built-in');
  const folder = join(parent, basename(join(codeServer, '../..')));
  if (existsSync(folder)) return folder;
  mkdirSync(parent, { recursive: true });
  const partial = mkdtempSync(join(parent, 'new-'));
  for (const name of KEPT.filter((one) => existsSync(join(all, one))))
    symlinkSync(join(all, name), join(partial, name), 'junction');
  try {
    renameSync(partial, folder);
  } catch (error) {
    // Another process was faster.
    rmSync(partial, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}
