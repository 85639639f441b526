import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** One project a kind of test; `vitest --project unit` runs one. Host tests share one VS Code, so their files run in turn. */
export default defineConfig({
  root: join(import.meta.dirname, '..'),
  test: {
    projects: [
      // Ten thousand runs of a property take their time on a busy machine.
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: 60_000, maxWorkers: 2 } },
      {
        test: {
          name: 'protocol',
          include: ['test/protocol/**/*.test.ts'],
          // They wait for each other's servers more than they compute: more files at a time than there are cores.
          maxWorkers: 4,
          testTimeout: 20_000,
          hookTimeout: 20_000,
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
          fileParallelism: false,
        },
      },
    ],
  },
});
