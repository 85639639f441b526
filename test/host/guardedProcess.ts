import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, closeSync } from 'node:fs';
import { join } from 'node:path';

export interface GuardedProcess {
  /** Whether it is still running. */
  isRunning(): boolean;
  /**
   * Ends it and its children: gracefully at first, by force after 5 s. Resolves when all have ended; safe to call
   * again.
   */
  stop(): Promise<void>;
}

export interface GuardedProcessOptions {
  readonly env: NodeJS.ProcessEnv;
  /** The file that its output is appended to. */
  readonly logFile: string;
}

/** Starts a program that ends together with this process, including all its children (see guard.mjs). */
export function startGuarded(
  command: string,
  commandArguments: readonly string[],
  { env, logFile }: GuardedProcessOptions,
): GuardedProcess {
  const log = openSync(logFile, 'a');
  const guard = spawn(
    process.execPath,
    [join(import.meta.dirname, 'guard.mjs'), command, ...commandArguments],
    {
      env,
      stdio: ['pipe', log, log],
      detached: true,
      windowsHide: true,
    },
  );
  closeSync(log);
  const ended = once(guard, 'exit');
  const isRunning = () => guard.exitCode === null && guard.signalCode === null;
  return {
    isRunning,
    stop: async () => {
      if (isRunning()) guard.stdin?.end();
      await ended;
    },
  };
}
