import { createSealedRecords } from '../../src/adapters/node/sealedRecords.ts';
import type { FromCounter, Hold, ToCounter } from './messages.ts';
import { createProcessSecrets } from './processSecrets.ts';
import { silentLog } from './product.ts';

/** Increments a number in a record repeatedly under the lock; reading an old record would lose increments. */
process.once('message', (message: ToCounter) => {
  if (message.type === 'start') void count(message);
});
process.on('disconnect', () => process.exit());

async function count({
  folder,
  mode,
  secrets: atStart,
  id,
  times,
}: ToCounter & { type: 'start' }): Promise<void> {
  const secrets = createProcessSecrets(mode, atStart, send);
  process.on('message', (message: ToCounter) => {
    if (message.type === 'secret') secrets.heard(message.key, message.value);
  });
  const records = createSealedRecords(folder, { secrets, log: silentLog, onProblem: () => undefined });
  const noSignal = new AbortController().signal;
  const holds: Hold[] = [];
  let stale = 0;
  for (let n = 0; n < times; n++) {
    await records.withLock(id, noSignal, async () => {
      const from = process.hrtime.bigint();
      const reading = await records.read(id);
      const before =
        reading.state === 'absent' ? 0 : reading.state === 'newest' ? Number(reading.record) : undefined;
      if (before === undefined) stale += 1;
      else await records.write(id, String(before + 1), '');
      holds.push({ from: String(from), to: String(process.hrtime.bigint()) });
    });
  }
  await secrets.flushed();
  send({ type: 'counted', holds, stale });
}

function send(message: FromCounter): void {
  if (process.connected) process.send?.(message);
}
