import { spawn, type SpawnOptions } from 'node:child_process';
import { constants } from 'node:os';

import { projectRoot } from './paths.ts';

export interface CommandOptions {
  /** Working directory; the repository by default. */
  readonly cwd?: string;
  /** The complete environment; that of this process by default. */
  readonly env?: NodeJS.ProcessEnv;
  /** Receives the program's output in chunks; without it, the program prints to this terminal. */
  readonly onOutput?: (text: string) => void;
}

/**
 * Runs a program in this terminal and forwards signals to it.
 * @returns its exit code; 128 plus the signal number if a signal ended it
 * @throws if it cannot be started
 */
export async function runCommand(
  command: string,
  commandArguments: readonly string[],
  { cwd = projectRoot, env = process.env, onOutput }: CommandOptions = {},
): Promise<number> {
  const options: SpawnOptions = { cwd, env, stdio: onOutput ? ['ignore', 'pipe', 'pipe'] : 'inherit' };
  const child = spawn(command, commandArguments, options);
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => onOutput?.(text));
  }
  const forwards = (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map((signal) => {
    const forward = () => {
      // The terminal already sends Ctrl-C to the child; a second one would mean "stop immediately".
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    };
    process.on(signal, forward);
    return () => process.off(signal, forward);
  });
  try {
    return await new Promise<number>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code, signal) => resolve(signal ? 128 + constants.signals[signal] : (code ?? 1)));
    });
  } finally {
    forwards.forEach((stop) => stop());
  }
}
