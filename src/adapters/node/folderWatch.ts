import { watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { basename } from 'node:path';

/** Where the system cannot watch, it is looked at this often: what another window does is seen within two seconds. */
const lookMilliseconds = 1500;

/**
 * Calls `listener` with the name of a file that changed in a folder, or undefined when that is not known. Starts
 * when the folder is `ready`.
 */
export function watchFolder(
  folder: string,
  ready: Promise<void>,
  listener: (name: string | undefined) => void,
): Disposable {
  let watcher: FSWatcher | undefined;
  let looking: NodeJS.Timeout | undefined;
  let isOver = false;
  const lookInstead = (): void => {
    watcher?.close();
    if (isOver || looking !== undefined) return;
    looking = setInterval(() => {
      listener(undefined);
    }, lookMilliseconds).unref();
  };
  void ready.then(() => {
    if (isOver) return;
    try {
      watcher = watch(folder, { persistent: false }, (_event, name) => {
        listener(name ?? undefined);
        // The folder itself was removed: one that is made again is another one to the system.
        if (name === basename(folder)) lookInstead();
      });
      watcher.on('error', lookInstead);
    } catch {
      lookInstead();
    }
  });
  return {
    [Symbol.dispose]: () => {
      isOver = true;
      watcher?.close();
      clearInterval(looking);
    },
  };
}
