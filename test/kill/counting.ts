import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSealedRecords } from '../../src/adapters/node/sealedRecords.ts';
import { check, type Part } from './check.ts';
import type { FromCounter, Hold, StoreMode, ToCounter } from './messages.ts';
import { processBundle } from './processBundle.ts';
import { silentLog } from './product.ts';
import { createSecretHub, type SecretHub } from './secretHub.ts';
import { quantile } from './tallies.ts';

const id = 'counter';

export interface CountingOptions {
  readonly mode: StoreMode;
  readonly processes: number;
  /** Number of increments per process. */
  readonly times: number;
  /** Starts with empty storage, so that the processes also create the sealing key concurrently. */
  readonly firstTime: boolean;
}

/**
 * Processes that increment a counter in one record under the lock as fast as they can: the next holder starts
 * before SecretStorage has notified it. Reading an old record would lose an increment.
 */
export function countingPart(name: string, options: CountingOptions): Part {
  return {
    name,
    run: async () => {
      const { count, stale, holds } = await countTogether(options);
      const handOvers = holds.slice(1).map(({ from }, n) => milliseconds(from - (holds[n]?.to ?? 0n)));
      const expected = options.processes * options.times;
      const within = handOvers.filter((each) => each <= 1).length;
      const p50 = quantile(handOvers, 0.5);
      return {
        checks: [
          check('no increment is lost', count === expected, `${count} of ${expected}`),
          check('no lock holder read an old record', stale === 0, stale),
          check(
            'no two processes held the lock at once',
            handOvers.every((each) => each >= 0),
          ),
          ...(options.firstTime
            ? []
            : [
                check(
                  'the next process gets the lock within a millisecond',
                  within > 0,
                  `${within} of ${handOvers.length} times`,
                ),
              ]),
        ],
        figures: {
          handOvers: handOvers.length,
          withinOneMillisecond: within,
          handOverP50: p50,
          handOverP99: quantile(handOvers, 0.99),
        },
      };
    },
  };
}

/** Start and end of a lock hold, in nanoseconds. */
interface HoldTimes {
  readonly from: bigint;
  readonly to: bigint;
}

async function countTogether(
  options: CountingOptions,
): Promise<{ count: number; stale: number; holds: readonly HoldTimes[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'developer-sign-in-count-'));
  const hub = createSecretHub();
  const open = () =>
    createSealedRecords(folder, { secrets: hub.own, log: silentLog, onProblem: () => undefined });
  try {
    if (!options.firstTime) await open().write(id, '0', '');
    const counted = await Promise.all(await startCounting(folder, hub, options));
    const reading = await open().read(id);
    return {
      count: 'record' in reading ? Number(reading.record) : 0,
      stale: counted.reduce((sum, each) => sum + each.stale, 0),
      holds: counted.flatMap((each) => each.holds.map(timesOf)).sort((a, b) => (a.from < b.from ? -1 : 1)),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

type Counted = Extract<FromCounter, { type: 'counted' }>;

async function startCounting(
  folder: string,
  hub: SecretHub,
  { mode, processes, times }: CountingOptions,
): Promise<Promise<Counted>[]> {
  const program = await processBundle('countingProcess');
  const children = Array.from({ length: processes }, () => fork(program, [], { execArgv: [] }));
  // A process is ready when it connects; all start at the same moment.
  await Promise.all(children.map((child) => once(child, 'spawn')));
  return children.map(async (child) => {
    const tell = (message: ToCounter): void => {
      if (child.connected) child.send(message, () => undefined);
    };
    const { promise, resolve, reject } = Promise.withResolvers<Counted>();
    child.once('exit', () => reject(new Error('A counting process ended before it finished.')));
    child.on('message', (message: FromCounter) => {
      if (message.type === 'counted') {
        resolve(message);
        return;
      }
      const others = children.filter((other) => other !== child && other.connected);
      hub.took(
        message,
        others.map((other) => (told) => other.send(told, () => undefined)),
      );
    });
    tell({ type: 'start', folder, mode, secrets: hub.current(), id, times });
    const counted = await promise;
    child.disconnect();
    return counted;
  });
}

function timesOf({ from, to }: Hold): HoldTimes {
  return { from: BigInt(from), to: BigInt(to) };
}

function milliseconds(nanoseconds: bigint): number {
  return Number(nanoseconds) / 1e6;
}
