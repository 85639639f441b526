import { watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { filesIn, policyFolder, policyStamp } from './policyStamp.ts';
import { linksOnTheWay } from './policyPlace.ts';
import type { PolicyPlace } from './policyPlace.ts';

/** A tool that writes a file sets its owner and mode as well, and renames it: so long after the first of it, all is done. */
const quietMilliseconds = 500;
/** Some systems tell of what changes nothing, as of a look itself: each such time it is waited longer, up to this. */
const longestQuietMilliseconds = 5 * 60_000;

/** A folder that is watched, and the one name in it that counts, if not all do. */
interface Watched {
  readonly folder: string;
  readonly name?: string;
}

/**
 * Calls `listener` after a change where the policy lies: in its folder, in `policy.d`, and in each folder through which a
 * link leads, so that a link that is replaced is noticed too. The system reports changes: no timer runs while nothing
 * changes. `look` checks once, for a moment at which a change may have been missed.
 */
export function watchPolicy(
  place: PolicyPlace,
  listener: () => void,
): Disposable & { readonly look: () => Promise<void> } {
  const watchers = new Map<string, FSWatcher>();
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  let wait = quietMilliseconds;
  let stamp: string | undefined;

  const heard = (): void => {
    if (isOver || timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      void look();
    }, wait).unref();
  };
  const look = async (): Promise<void> => {
    // The folders may be others now. Watch them first, then compare: so that no change is missed between the two.
    await watchAll();
    const now = await policyStamp(place);
    if (isOver) return;
    const isSame = now === stamp;
    stamp = now;
    wait = isSame ? Math.min(wait * 2, longestQuietMilliseconds) : quietMilliseconds;
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
        // It is gone meanwhile, or the system has no watches left.
      }
    }
  };
  const begun = watchAll().then(async () => {
    stamp = await policyStamp(place);
  });
  return {
    look: () => begun.then(look),
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
    // Each link, and before it the folder in which it lies.
    const links = await linksOnTheWay(path).catch(() => []);
    for (const link of links.filter((_, index) => index % 2 === 1))
      found.push({ folder: dirname(link), name: basename(link) });
    const real = links.length === 0 ? undefined : await realpath(path).catch(() => undefined);
    if (real !== undefined) found.push({ folder: dirname(real), name: basename(real) });
  }
  return found;
}

/** Different for a folder that takes the place of another; undefined where nothing is. */
async function identityOf({ folder, name = '' }: Watched): Promise<string | undefined> {
  try {
    const { dev, ino } = await stat(folder, { bigint: true });
    return `${dev} ${ino} ${name}`;
  } catch {
    return undefined;
  }
}
