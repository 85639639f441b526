import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export interface Installation {
  /** What bears this name is whole. */
  readonly folder: string;
  /** What is in it; another text means that it is installed anew. */
  readonly stamp: string;
  /** Says what comes, and looks for what it needs, before anything is downloaded. */
  readonly announce: () => Promise<void>;
  /** @param partial a folder beside it, which is renamed at the end */
  readonly install: (partial: string) => Promise<void>;
}

const STAMP = '.complete';

/** Installs what is not there yet, or not to its end. */
export async function installWhole({ folder, stamp, announce, install }: Installation): Promise<void> {
  if (isWhole(folder, stamp)) return;
  await announce();
  removeAbandoned(folder);
  const partial = `${folder}.partial-${process.pid}`;
  try {
    await install(partial);
    writeFileSync(join(partial, STAMP), stamp);
    if (isWhole(folder, stamp)) return; // another process was quicker
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

/** Half installations of processes that are gone. */
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
