import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lockTimes } from '../../../../src/adapters/node/lockFile.ts';
import { simulateLocks } from '../../fakes/lockSimulation.ts';
import type { ProcessPlan } from '../../fakes/lockSimulation.ts';

/** A tenth of the real durations. */
const times = {
  beat: lockTimes.beat / 10,
  silence: lockTimes.silence / 10,
  timeoutMilliseconds: lockTimes.timeoutMilliseconds / 10,
};
const hour = 3600_000;
const runs = { numRuns: 150 };
const end = 60_000;
/** Ten milliseconds per call and a pause between two polls do not count as waiting. */
const slack = 1500;

const moment = (max: number) => fc.integer({ min: 0, max });
const plan = (places: number, longestSleep: number): fc.Arbitrary<ProcessPlan> =>
  fc.record(
    {
      place: fc.integer({ min: 0, max: places - 1 }),
      skew: fc.constantFrom(0, hour, -hour),
      wants: fc.array(fc.record({ at: moment(12_000), works: moment(9000) }), { minLength: 1, maxLength: 2 }),
      killedAt: moment(20_000),
      sleeps: fc.record({ at: moment(15_000), milliseconds: fc.integer({ min: 1, max: longestSleep }) }),
    },
    { requiredKeys: ['place', 'skew', 'wants'] },
  );
const world = (places: number, longestSleep: number) =>
  fc.tuple(fc.array(plan(places, longestSleep), { minLength: 2, maxLength: 5 }), fc.nat());

describe('lockTimes', () => {
  test('05.08: only one process holds the lock, across places with clocks an hour apart', async () => {
    await fc.assert(
      fc.asyncProperty(world(3, times.silence / 2 - times.beat), async ([plans, seed]) => {
        expect((await simulateLocks(plans, times, seed, end)).overlaps).toEqual([]);
      }),
      runs,
    );
  });

  test('05.08: a process never loses its lock to one in the same place, however long it sleeps', async () => {
    await fc.assert(
      fc.asyncProperty(world(1, 40_000), async ([plans, seed]) => {
        expect((await simulateLocks(plans, times, seed, end)).overlaps).toEqual([]);
      }),
      runs,
    );
  });

  test('05.08: two processes hold the lock only after one slept for the silence period beside another place', async () => {
    await fc.assert(
      fc.asyncProperty(world(3, 40_000), async ([plans, seed]) => {
        const { overlaps } = await simulateLocks(plans, times, seed, end);
        const sleptLong = plans.filter(
          ({ sleeps }) => (sleeps?.milliseconds ?? 0) >= times.silence / 2 - times.beat,
        );
        // While it sleeps, the other place may take its lock, which a third process may then hold.
        const isPossible = sleptLong.some((sleeper) => plans.some(({ place }) => place !== sleeper.place));
        expect(overlaps.length === 0 || isPossible).toBe(true);
      }),
      runs,
    );
  });

  test('05.09: every wait ends within its bound', async () => {
    await fc.assert(
      fc.asyncProperty(world(3, 40_000), async ([plans, seed]) => {
        const { outcomes } = await simulateLocks(plans, times, seed, end);
        for (const { process, askedAt, settledAt, result } of outcomes) {
          const { killedAt, sleeps, wants } = plans[process] ?? { wants: [] };
          if (killedAt !== undefined || sleeps !== undefined) continue;
          const longestWork = Math.max(...wants.map(({ works }) => works));
          expect(result).toMatch(/^(done|busy)$/);
          expect(settledAt).toBeLessThanOrEqual(askedAt + times.timeoutMilliseconds + longestWork + slack);
        }
      }),
      runs,
    );
  });

  test('the next process gets the lock of a dead process: at once in the same place, after the silence period elsewhere', async () => {
    const dies: ProcessPlan = { place: 0, skew: 0, wants: [{ at: 0, works: 9000 }], killedAt: 5000 };
    const wants = [{ at: 5500, works: 0 }];
    const had = async (place: number, skew: number): Promise<number> => {
      const plans = [dies, { place: 0, skew: 0, wants: [] }, { place, skew, wants }];
      const { outcomes } = await simulateLocks(plans, times, 1, end);
      expect(outcomes[1]?.result).toBe('done');
      return (outcomes[1]?.settledAt ?? Infinity) - 5500;
    };
    for (const skew of [0, hour, -hour]) {
      expect(await had(0, skew)).toBeLessThan(slack);
      const elsewhere = await had(1, skew);
      expect(elsewhere).toBeGreaterThan(times.silence - times.beat);
      expect(elsewhere).toBeLessThan(times.silence + slack);
    }
  });

  test('a lock is touched every ten seconds, trusted for a minute without, and waited for up to 90 seconds', () => {
    expect(lockTimes).toEqual({ beat: 10_000, silence: 60_000, timeoutMilliseconds: 90_000 });
  });
});
