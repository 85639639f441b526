import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { projectRoot } from './paths.ts';
import { runCommand, type CommandOptions } from './runCommand.ts';

/**
 * Runs the script behind a package's binary with the current Node: the shims in `node_modules/.bin` are shell
 * scripts on Windows and may find a different `node`.
 * @param packageName the folder in node_modules
 * @param binary its name in the package's `bin`
 * @returns the exit code
 */
export function runBinary(
  packageName: string,
  binary: string,
  binaryArguments: readonly string[],
  options: CommandOptions = {},
): Promise<number> {
  return runCommand(process.execPath, [binaryScript(packageName, binary), ...binaryArguments], options);
}

/** Path of the script behind a package's binary. */
export function binaryScript(packageName: string, binary: string): string {
  const folder = join(projectRoot, 'node_modules', packageName);
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    bin: string | Record<string, string>;
  };
  const script = typeof bin === 'string' ? bin : bin[binary];
  if (!script) throw new Error(`The package ${packageName} has no binary ${binary}.`);
  return join(folder, script);
}
