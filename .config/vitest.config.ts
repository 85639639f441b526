import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { ownNetwork } from '../test/host/ownNetwork.ts';
import { ownNetworkPool } from '../test/host/ownNetworkPool.ts';
import { ByStandIn, sharedProcesses } from '../test/tools/lib/sharedProcesses.ts';

/** The callback ports are the same in all host tests: where there is only one network, their files run in turn. */
const before = ownNetwork();
const hostPool = before.length === 0 ? { maxWorkers: 1 } : { pool: ownNetworkPool(before), maxWorkers: 3 };

/** One project a kind of test; `vitest --project unit` runs one. */
export default defineConfig({
  root: join(import.meta.dirname, '..'),
  test: {
    sequence: { sequencer: ByStandIn },
    projects: [
      // Ten thousand runs of a property take their time on a busy machine.
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          testTimeout: 60_000,
          maxWorkers: 2,
          pool: sharedProcesses,
          isolate: false,
          unstubEnvs: true,
          unstubGlobals: true,
        },
      },
      {
        test: {
          name: 'protocol',
          include: ['test/protocol/**/*.test.ts'],
          // They wait for each other's servers more than they compute: more files at a time than there are cores.
          maxWorkers: 4,
          // Ten slips in one setup take three seconds, and twenty on a busy machine.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'kill',
          include: ['test/kill/**/*.test.ts'],
          testTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'host',
          include: ['test/host/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 600_000,
          // A process goes on to the next file with the browser that it has.
          isolate: false,
          // They wait for a person's pace more than they compute: one more at a time than two cores have to do.
          ...hostPool,
        },
      },
      {
        test: {
          name: 'theia',
          include: ['test/theia/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 600_000,
          ...hostPool,
        },
      },
    ],
  },
});
