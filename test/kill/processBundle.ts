import { join } from 'node:path';
import { build } from 'esbuild';
import { distFolder, projectRoot } from '../tools/lib/paths.ts';

/** The processes that the kill test starts, by the name of their file. */
export type ProcessName = 'windowProcess' | 'countingProcess' | 'lockingProcess';

let built: Promise<string> | undefined;

/**
 * The path of a process's program: its source in one file, as the product is delivered. A process that has hundreds
 * of modules to load and strip of their types takes longer to start than it is left alive.
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
