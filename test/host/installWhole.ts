import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export interface Installation {
  /** Marker file of a complete installation. */
  readonly folder: string;
  /** Content of the marker; a different content triggers a new installation. */
  readonly stamp: string;
  /** Announces the installation and verifies its prerequisites, before any download. */
  readonly announce: () => Promise<void>;
  /** @param partial a temporary folder next to it, renamed at the end */
  readonly install: (partial: string) => Promise<void>;
}

const STAMP = '.complete';

/** Installs if the installation is missing or incomplete. */
export async function installWhole({ folder, stamp, announce, install }: Installation): Promise<void> {
  if (isWhole(folder, stamp)) return;
  await announce();
  removeAbandoned(folder);
  const partial = `${folder}.partial-${process.pid}`;
  try {
    await install(partial);
    writeFileSync(join(partial, STAMP), stamp);
    if (isWhole(folder, stamp)) return; // another process was faster
    rmSync(folder, { recursive: true, force: true });
    renameSync(partial, folder);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

function isWhole(folder: string, stamp: string): boolean {
  try {
    return readFileSync(join(folder, STAMP), 'utf8') === stamp;
  } catch {
    return false;
  }
}

/** Incomplete installations of processes that have ended. */
function removeAbandoned(folder: string): void {
  const parent = resolve(folder, '..');
  mkdirSync(parent, { recursive: true });
  for (const name of readdirSync(parent)) {
    const pid = /^host-.*\.partial-(\d+)$/.exec(name)?.[1];
    if (pid && !isAlive(Number(pid))) rmSync(join(parent, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
