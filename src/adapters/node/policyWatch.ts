import { watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { filesIn, policyFolder, policyStamp } from './policyStamp.ts';
import { symbolicLinksOn } from './policyPlace.ts';
import type { PolicyPlace } from './policyPlace.ts';

/** How long to wait after a change: a tool that writes a file also sets its owner and mode, and renames it. */
const quietMilliseconds = 500;
/** The longest wait. Events without a change, such as our own reads on some systems, lengthen the wait. */
const maxQuietMilliseconds = 5 * 60_000;

/** A watched folder, and the only relevant name in it, if just one is. */
interface Watched {
  readonly folder: string;
  readonly name?: string;
}

/**
 * Calls `listener` after the policy changes: in its folder, in `policy.d`, or in a folder with a link on the
 * way, so that a replaced link is noticed. The system reports changes; no timer runs. `check` checks once, when
 * a change may have been missed.
 */
export function watchPolicy(
  place: PolicyPlace,
  listener: () => void,
): Disposable & { readonly check: () => Promise<void> } {
  const watchers = new Map<string, FSWatcher>();
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  let wait = quietMilliseconds;
  let stamp: string | undefined;

  const heard = (): void => {
    if (isOver || timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      void check();
    }, wait).unref();
  };
  const check = async (): Promise<void> => {
    // The folders may have changed. Watch first and compare afterwards, to miss no change in between.
    await watchAll();
    const now = await policyStamp(place);
    if (isOver) return;
    const isSame = now === stamp;
    stamp = now;
    wait = isSame ? Math.min(wait * 2, maxQuietMilliseconds) : quietMilliseconds;
    if (!isSame) listener();
  };
  const watchAll = async (): Promise<void> => {
    const wanted = new Map<string, Watched>();
    for (const one of await foldersOf(place)) {
      const key = await identityOf(one);
      if (key !== undefined) wanted.set(key, one);
    }
    for (const [key, watcher] of watchers) {
      if (wanted.has(key)) continue;
      watcher.close();
      watchers.delete(key);
    }
    for (const [key, { folder, name }] of wanted) {
      if (isOver || watchers.has(key)) continue;
      try {
        const watcher = watch(folder, { persistent: false }, (_event, what) => {
          if (name === undefined || what === null || what === name) heard();
        });
        watcher.on('error', () => watchers.delete(key));
        watchers.set(key, watcher);
      } catch {
        // The folder is gone, or the system has no watches left.
      }
    }
  };
  const begun = watchAll().then(async () => {
    stamp = await policyStamp(place);
  });
  return {
    check: () => begun.then(check),
    [Symbol.dispose]: () => {
      isOver = true;
      clearTimeout(timer);
      for (const watcher of watchers.values()) watcher.close();
    },
  };
}

async function foldersOf(place: PolicyPlace): Promise<readonly Watched[]> {
  const folder = dirname(place.path);
  const more = policyFolder(place);
  const names = await filesIn(more).catch(() => []);
  const found: Watched[] = [{ folder }, { folder: more }];
  if (place.canWatchAbove === true) found.push({ folder: dirname(folder), name: basename(folder) });
  for (const path of [place.path, more, ...names.map((name) => join(more, name))]) {
    // Each link, preceded by the folder that contains it.
    const links = await symbolicLinksOn(path).catch(() => []);
    for (const link of links.filter((_, index) => index % 2 === 1))
      found.push({ folder: dirname(link), name: basename(link) });
    const real = links.length === 0 ? undefined : await realpath(path).catch(() => undefined);
    if (real !== undefined) found.push({ folder: dirname(real), name: basename(real) });
  }
  return found;
}

/** Identifies a folder, to notice its replacement; undefined if it is missing. */
async function identityOf({ folder, name = '' }: Watched): Promise<string | undefined> {
  try {
    const { dev, ino } = await stat(folder, { bigint: true });
    return `${dev} ${ino} ${name}`;
  } catch {
    return undefined;
  }
}
