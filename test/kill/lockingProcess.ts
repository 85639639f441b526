import { open, unlink } from 'node:fs/promises';
import { withLockFile } from '../../src/adapters/node/lockFile.ts';
import type { FromLocker, ToLocker } from './messages.ts';

/** Takes a lock on request, and reports whether it was alone. */
process.on('message', (message: ToLocker) => {
  if (message.type === 'take') void take(message);
  else release?.();
});
process.on('disconnect', () => process.exit());

let release: (() => void) | undefined;

async function take({ path, untilReleased }: ToLocker & { type: 'take' }): Promise<void> {
  await withLockFile(path, new AbortController().signal, async () => {
    const inside = `${path}-inside`;
    const alone = await open(inside, 'wx').then(
      (file) => file.close().then(() => true),
      () => false,
    );
    const released = Promise.withResolvers<void>();
    release = released.resolve;
    send({ type: 'inside', alone });
    if (untilReleased) await released.promise;
    if (alone) await unlink(inside);
  });
  send({ type: 'released' });
}

function send(message: FromLocker): void {
  process.send?.(message);
}
