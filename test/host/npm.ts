import { existsSync } from 'node:fs';
import { delimiter, dirname } from 'node:path';

import { runQuietly } from './runQuietly.ts';

export interface NpmOptions {
  /** The folder of the package.json. */
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs npm in another folder with this process's Node: npm selects versions for the Node that it runs under, and
 * this installation is for Node 24.
 * @param what progress message
 * @throws with the end of npm's output on failure
 */
export function npm(
  what: string,
  npmArguments: readonly string[],
  { cwd, env = {} }: NpmOptions,
): Promise<void> {
  const options = { cwd, env: { ...npmEnvironment(), ...env } };
  const script = process.env['npm_execpath'];
  if (script && /\.c?js$/.test(script) && existsSync(script))
    return runQuietly(what, process.execPath, [script, ...npmArguments], options);
  if (process.platform === 'win32')
    return runQuietly(what, 'npm.cmd', npmArguments, { ...options, shell: true });
  return runQuietly(what, 'npm', npmArguments, options);
}

/** Removes the variables that `npm run` sets for its own project, so that npm uses the other folder. */
function npmEnvironment(): NodeJS.ProcessEnv {
  const told =
    /^npm_(package|lifecycle|command)|^npm_config_(local_prefix|prefix|global_prefix|workspace|omit|include)/;
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !told.test(name)));
  return { ...env, PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH'] ?? ''}` };
}
