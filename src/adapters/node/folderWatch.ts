import { watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { basename } from 'node:path';

/** Polling interval where the system cannot watch: changes by another window are seen within two seconds. */
const pollMilliseconds = 1500;

/**
 * Calls `listener` with the name of each changed file in a folder, or undefined if the name is unknown. Starts
 * once the folder is `ready`.
 */
export function watchFolder(
  folder: string,
  ready: Promise<void>,
  listener: (name: string | undefined) => void,
): Disposable {
  let watcher: FSWatcher | undefined;
  let polling: NodeJS.Timeout | undefined;
  let isOver = false;
  const pollInstead = (): void => {
    watcher?.close();
    if (isOver || polling !== undefined) return;
    polling = setInterval(() => {
      listener(undefined);
    }, pollMilliseconds).unref();
  };
  void ready.then(() => {
    if (isOver) return;
    try {
      watcher = watch(folder, { persistent: false }, (_event, name) => {
        listener(name ?? undefined);
        // The folder was removed: to the system, a new one of the same name is another folder.
        if (name === basename(folder)) pollInstead();
      });
      watcher.on('error', pollInstead);
    } catch {
      pollInstead();
    }
  });
  return {
    [Symbol.dispose]: () => {
      isOver = true;
      watcher?.close();
      clearInterval(polling);
    },
  };
}
