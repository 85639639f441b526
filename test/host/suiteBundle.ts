import { join } from 'node:path';

import { build } from 'esbuild';

import { distFolder } from '../tools/lib/paths.ts';

/**
 * Bundles the suite that runs inside the extension host.
 * @returns the path to hand to VS Code as the tests' path
 */
export async function bundleSuite(): Promise<string> {
  const outfile = join(distFolder, 'test/suite/index.cjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'suite/index.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    // The oldest VS Code that the extension allows runs Node 22.
    target: 'node22',
    format: 'cjs',
    sourcemap: 'inline',
    // VS Code brings the first; the second is found in node_modules, above the bundle.
    external: ['vscode', 'mocha'],
    logLevel: 'warning',
  });
  return outfile;
}
