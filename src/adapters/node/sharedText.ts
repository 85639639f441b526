import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { SharedText } from '../../setup/setupPorts.ts';
import { writeDurably } from './atomicFiles.ts';
import { withLockFile } from './lockFile.ts';
import { readIfExists } from './systemFile.ts';

/** A file in the storage folder that all windows of this machine read and change, one at a time. */
export function createSharedText(path: string): SharedText {
  return {
    read: () => readIfExists(path),
    change: async (next, signal) => {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await withLockFile(`${path}.lock`, signal, async () => {
        const before = await readIfExists(path);
        const after = next(before);
        if (after !== before) await writeDurably(path, after);
      });
    },
  };
}
