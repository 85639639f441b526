import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { ensureHost } from '../host/installHost.ts';
import type { VsCodeHost } from '../host/vscodeHost.ts';
import { SUBJECTS } from './subjects.ts';

interface Manifest {
  readonly activationEvents?: readonly string[];
  readonly contributes?: Readonly<Record<string, unknown>>;
}

/**
 * Defers the activation of both extensions by removing their activation events from the manifests; their code is
 * unchanged. GitHub Authentication's manifest belongs to VS Code, so this host gets its own built-in extensions.
 */
export async function deferActivation(host: VsCodeHost): Promise<void> {
  const [ours] = readdirSync(host.folders.extensions).filter((name) => name.startsWith(`${SUBJECTS.ours}-`));
  if (ours === undefined) throw new Error('The extension is not installed in this host.');
  deferIn(join(host.folders.extensions, ours));

  const builtIn = join(host.folders.root, 'built-in');
  await copyBuiltIn(builtIn);
  deferIn(join(builtIn, 'github-authentication'));
  writeFileSync(
    join(host.folders.root, 'config.yaml'),
    `builtin-extensions-dir: ${JSON.stringify(builtIn)}\n`,
  );
  // VS Code caches the manifests.
  rmSync(join(host.folders.userData, 'CachedProfilesData'), { recursive: true, force: true });
  await host.restart();
}

/** Links to VS Code's built-in extensions, and a copy of the changed one. */
async function copyBuiltIn(folder: string): Promise<void> {
  const { entry } = await ensureHost();
  const original = join(dirname(entry), '../../lib/vscode/extensions');
  mkdirSync(folder);
  for (const { name } of readdirSync(original, { withFileTypes: true }))
    if (name !== 'github-authentication') symlinkSync(join(original, name), join(folder, name));
  cpSync(join(original, 'github-authentication'), join(folder, 'github-authentication'), { recursive: true });
}

/**
 * VS Code derives events from contributed providers and commands; only a provider is activated without user
 * action.
 */
function deferIn(folder: string): void {
  const file = join(folder, 'package.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as Manifest;
  const { authentication: _authentication, ...contributes } = manifest.contributes ?? {};
  writeFileSync(file, JSON.stringify({ ...manifest, activationEvents: [], contributes }));
}
