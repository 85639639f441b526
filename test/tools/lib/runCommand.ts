import { spawn, type SpawnOptions } from 'node:child_process';
import { constants } from 'node:os';

import { projectRoot } from './paths.ts';

export interface CommandOptions {
  /** The folder to run in; the repository's unless told. */
  readonly cwd?: string;
  /** The whole environment; this process's own unless told. */
  readonly env?: NodeJS.ProcessEnv;
  /** Takes what the program prints, piece by piece; without it the program prints to this terminal. */
  readonly onOutput?: (text: string) => void;
}

/**
 * Runs a program with this terminal as its own and hands it the signals that this process gets.
 * @returns its exit code; 128 and the signal's number when a signal ended it
 * @throws when it cannot be started
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
      // Ctrl-C reaches the child from the terminal itself; a second one would mean "at once".
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
