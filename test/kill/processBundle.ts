import { join } from 'node:path';
import { build } from 'esbuild';
import { distFolder, projectRoot } from '../tools/lib/paths.ts';

/** Programs of the kill test's processes, by file name. */
export type ProcessName = 'windowProcess' | 'countingProcess' | 'lockingProcess';

let built: Promise<string> | undefined;

/**
 * Bundles a process's program into one file, and returns its path. Loading hundreds of modules and stripping
 * their types would take longer than the process's life.
 */
export async function processBundle(name: ProcessName): Promise<string> {
  built ??= buildAll();
  return join(await built, `${name}.cjs`);
}

async function buildAll(): Promise<string> {
  const outdir = join(distFolder, 'kill');
  const names: readonly ProcessName[] = ['windowProcess', 'countingProcess', 'lockingProcess'];
  await build({
    absWorkingDir: projectRoot,
    entryPoints: names.map((name) => join(import.meta.dirname, `${name}.ts`)),
    outdir,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node24',
    logLevel: 'warning',
  });
  return outdir;
}
