import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { distFolder } from '../tools/lib/paths.ts';
import type { InstalledHost } from './installHost.ts';

/**
 * Built-in extensions that a test looks at, or that share a place with ours: signing in, JSON and the settings, terminals,
 * tasks, debugging, Git, and how it all looks. The other eighty bring a language or a theme each, and a fifth of what it costs
 * to load a window.
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

/** A host that loads its windows with less work, for tests that are about nothing of what it leaves out. */
export interface LeanHost {
  /** For code-server. */
  readonly arguments: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Only the built-in extensions of {@link KEPT}, and a Node that keeps what it has compiled. */
export function leanHost(host: InstalledHost): LeanHost {
  return {
    arguments: ['--vscode-option', `builtin-extensions-dir=${keptExtensions(host)}`],
    env: { NODE_COMPILE_CACHE: join(distFolder, 'test/compiled') },
  };
}

/** A folder with links to them, made once for each editor. An older one has not all of them. */
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
    // Another process was quicker.
    rmSync(partial, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}
