import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { ForksPoolWorker, type PoolOptions, type PoolRunnerInitializer } from 'vitest/node';

import { distFolder } from '../tools/lib/paths.ts';

/**
 * Vitest's process pool, with each process in an isolated network.
 * @param before prefix of the command, from `ownNetwork()`
 */
export function ownNetworkPool(before: readonly string[]): PoolRunnerInitializer {
  const launcher = writeLauncher(before);
  return {
    name: 'ownNetwork',
    createPoolWorker: (options) => new OwnNetworkWorker(options, launcher),
  };
}

class OwnNetworkWorker extends ForksPoolWorker {
  override readonly name: string = 'ownNetwork';
  readonly #launcher: string;

  constructor(options: PoolOptions, launcher: string) {
    super(options);
    this.#launcher = launcher;
  }

  /** It forks synchronously, and Node uses this process's executable. */
  override async start(): Promise<void> {
    const { execPath } = process;
    process.execPath = this.#launcher;
    try {
      const started = super.start();
      process.execPath = execPath;
      await started;
    } finally {
      process.execPath = execPath;
    }
  }
}

/** A program that replaces Node. @returns its path */
function writeLauncher(before: readonly string[]): string {
  const quoted = [...before, process.execPath].map((word) => `'${word.replaceAll("'", `'\\''`)}'`);
  const folder = join(distFolder, 'test');
  mkdirSync(folder, { recursive: true });
  const launcher = join(folder, 'in-own-network.sh');
  writeFileSync(launcher, `#!/bin/sh\nexec ${quoted.join(' ')} "$@"\n`);
  chmodSync(launcher, 0o755);
  return launcher;
}
