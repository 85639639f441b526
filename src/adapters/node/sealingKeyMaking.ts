import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { withLockFile } from './lockFile.ts';
import { createSealingKey } from './sealing.ts';
import type { SealingKey } from './sealing.ts';

/** A desktop's other windows know a new secret 100 ms after it was stored (docs/PROTOCOL.md, 4). */
const spreadMilliseconds = 300;

/** Makes the sealing key of this machine, unless another window has done so meanwhile. */
export function makeSealingKey(
  folder: string,
  stored: () => Promise<SealingKey | undefined>,
  store: (key: SealingKey) => Promise<void>,
): Promise<SealingKey> {
  return withLockFile(join(folder, 'key.lock'), AbortSignal.timeout(10_000), async () => {
    const another = await stored();
    if (another !== undefined) return another;
    const made = createSealingKey();
    await store(made);
    // Nothing is sealed before the key has left this window's memory; the next window here finds it and makes none.
    await wait(spreadMilliseconds);
    return (await stored()) ?? made;
  });
}
