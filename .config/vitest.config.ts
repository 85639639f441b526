import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { ownNetwork } from '../test/host/ownNetwork.ts';
import { ownNetworkPool } from '../test/host/ownNetworkPool.ts';
import { ByStandIn, sharedProcesses } from '../test/tools/lib/sharedProcesses.ts';

/** All host tests use the same callback ports: on a single network, their files run one after the other. */
const before = ownNetwork();
const hostPool = before.length === 0 ? { maxWorkers: 1 } : { pool: ownNetworkPool(before), maxWorkers: 3 };

/** A busy machine may need more than the default of one second. */
const patientPolls = { poll: { timeout: 15_000, interval: 100 } };

/** One project per kind of test; `vitest --project unit` runs one. */
export default defineConfig({
  root: join(import.meta.dirname, '..'),
  test: {
    sequence: { sequencer: ByStandIn },
    projects: [
      // Ten thousand runs of a property take long on a busy machine.
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          expect: patientPolls,
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
          expect: patientPolls,
          // These tests mostly wait for each other's servers: run more files at a time than there are cores.
          maxWorkers: 4,
          // Loading the modules again for each file costs a third of the processor time.
          pool: sharedProcesses,
          isolate: false,
          unstubEnvs: true,
          unstubGlobals: true,
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
          expect: patientPolls,
          testTimeout: 180_000,
          hookTimeout: 600_000,
          // Reuse the process, and with it the browser, for the next file.
          isolate: false,
          // These tests wait for the UI more than they compute: run one more at a time than two cores could.
          ...hostPool,
        },
      },
      {
        test: {
          name: 'theia',
          include: ['test/theia/**/*.test.ts'],
          expect: patientPolls,
          testTimeout: 180_000,
          hookTimeout: 600_000,
          ...hostPool,
        },
      },
    ],
  },
});
