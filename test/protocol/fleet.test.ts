import { beforeAll, describe, expect, test } from 'vitest';
import { developerOf } from '../fleet/developers.ts';
import { afterOutage, measuresOf } from '../fleet/measures.ts';
import { simulate } from '../fleet/simulate.ts';
import type { Observed } from '../fleet/simulate.ts';

const minute = 60_000;
const hour = 60 * minute;
/** A morning of three hundred developers in virtual time: a small version of `npm run bench:fleet`. */
const morning = { policy: 'ours', first: 0, developers: 300, until: 11 * hour };
const plan = { life: 10 * minute };
const outage = { from: 9 * hour, to: 9 * hour + 10 * minute };
const busy = { from: 8.5 * 3600, to: 10.5 * 3600 };

describe('an organization with ten-minute tokens', () => {
  let calm: Observed;
  beforeAll(async () => {
    calm = await simulate({ ...morning, plan });
  }, 600_000);

  test("gets at most 1.5 times the hour's mean request rate, close to the minimum", () => {
    const { peakOverMean, overLeast } = measuresOf(calm, busy);
    expect(peakOverMean).toBeLessThanOrEqual(1.5);
    expect(overLeast).toBeGreaterThan(0.9);
    expect(overLeast).toBeLessThanOrEqual(1.05);
  });

  test('has no callers that wait while a token is valid, and loses no session', () => {
    const { waitedWhileGood, lost, refused } = measuresOf(calm, busy);
    expect(calm.asked).toBeGreaterThan(10_000);
    expect([waitedWhileGood, lost, refused]).toEqual([0, 0, 0]);
  });

  test('gets one request per session after it ends all of them, and no more', async () => {
    const observed = await simulate({
      ...morning,
      developers: 100,
      until: 10.5 * hour,
      plan: { ...plan, revokedAt: 9.5 * hour },
    });
    const noticed = Array.from({ length: 100 }, (_, id) => developerOf(id)).filter(({ asks }) =>
      asks.some(({ at }) => at > 9.5 * hour && at < 10.4 * hour),
    ).length;
    expect(observed.ended).toBeGreaterThanOrEqual(noticed);
    expect(observed.ended).toBeLessThanOrEqual(100);
  }, 600_000);
});

test('recovers within five minutes from a ten-minute outage at nine, and loses no session', async () => {
  const simulation = { ...morning, developers: 600, until: 10 * hour };
  const calm = await simulate({ ...simulation, plan: { life: hour } });
  const observed = await simulate({ ...simulation, plan: { life: hour, outage } });
  const { peakOverMean, calmAfter } = afterOutage(observed, calm, outage);
  expect(observed.refused).toBeGreaterThan(0);
  expect(peakOverMean).toBeGreaterThan(1);
  expect(peakOverMean).toBeLessThanOrEqual(3.3); // Three, plus random variation.
  expect(calmAfter).toBeLessThanOrEqual(300);
  expect(observed.lost).toBe(0);
}, 600_000);
