import { expect, test } from 'vitest';
import { killTestParts, shortSize } from './killTest.ts';

for (const { name, run } of killTestParts(shortSize)) {
  test(name, async () => {
    const { checks } = await run();
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  });
}
