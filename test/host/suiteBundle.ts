import { join } from 'node:path';

import { build } from 'esbuild';

import { distFolder } from '../tools/lib/paths.ts';

/**
 * Bundles the suite for the extension host.
 * @returns the path to pass to VS Code as the test path
 */
export async function bundleSuite(): Promise<string> {
  const outfile = join(distFolder, 'test/suite/index.cjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'suite/index.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    // The oldest supported VS Code runs Node 22.
    target: 'node22',
    format: 'cjs',
    sourcemap: 'inline',
    // VS Code provides the first; the second resolves from node_modules above the bundle.
    external: ['vscode', 'mocha'],
    logLevel: 'warning',
  });
  return outfile;
}
