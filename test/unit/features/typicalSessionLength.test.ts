import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { typicalSessionLength, withSpan } from '../../../src/features/typicalSessionLength.ts';
import { day, hour, january } from '../fakes/examples.ts';

const minute = 60_000;
const second = 1000;
const spans = (...milliseconds: readonly number[]) =>
  milliseconds.map((span, index) => ({ signedInAt: january + index * day, milliseconds: span }));

describe('typicalSessionLength: the typical length', () => {
  test.each([
    ['none', [], undefined],
    ['two', [8 * hour, 8 * hour], undefined],
    ['three the same', [8 * hour, 8 * hour, 8 * hour], 8 * hour],
    ['three, each noticed at a refresh', [8 * hour, 8 * hour + 50 * minute, 8 * hour + 5 * minute], 8 * hour],
    ['three that an eighth of the longest parts', [7 * hour, 8 * hour, 7.5 * hour], 7 * hour],
    ['three that more than an eighth parts', [6.9 * hour, 8 * hour, 7.5 * hour], undefined],
    ['short ones within a minute', [20 * second, 70 * second, 80 * second], 20 * second],
    ['short ones beyond a minute', [20 * second, 70 * second, 81 * second], undefined],
    ['an old habit and a new one', [8 * hour, 8 * hour, 8 * hour, 12 * hour], undefined],
    ['an old exception before the habit', [1 * hour, 8 * hour, 8 * hour, 8 * hour], 8 * hour],
  ])('of %s', (_, milliseconds, expected) => {
    expect(typicalSessionLength(spans(...milliseconds))).toBe(expected);
  });
});

describe('withSpan: stored lengths', () => {
  const [first, other, third, fourth] = spans(1 * hour, 2 * hour, 3 * hour, 4 * hour) as [
    never,
    never,
    never,
    never,
  ];

  test('are the last three', () => {
    const all = [first, other, third, fourth].reduce(withSpan, []);
    expect(all).toEqual([other, third, fourth]);
  });

  test('contain each session once, whichever window reports its end', () => {
    expect(withSpan(withSpan([], first), first)).toEqual([first]);
  });

  test('do not change if an older end is reported again', () => {
    const all = [other, third, fourth];
    expect(withSpan(all, first)).toBe(all);
    expect(withSpan([other, fourth], third)).toEqual(all);
  });

  test.each([0, -hour, Number.NaN])('exclude one of %d milliseconds', (milliseconds) => {
    expect(withSpan([], { signedInAt: january, milliseconds })).toEqual([]);
  });
});

describe('typicalSessionLength: for arbitrary sessions', () => {
  const end = fc.record({
    signedInAt: fc.integer({ min: 0, max: 20 }),
    milliseconds: fc.integer({ min: -5, max: 90 * day }),
  });
  const ends = fc.array(end, { maxLength: 12 });

  test('at most three are stored, each once, identified by sign-in', () => {
    fc.assert(
      fc.property(ends, (all) => {
        const kept = all.reduce<ReturnType<typeof withSpan>>(withSpan, []);
        expect(kept.length).toBeLessThanOrEqual(3);
        expect(new Set(kept.map(({ signedInAt }) => signedInAt)).size).toBe(kept.length);
        expect(kept.every((one) => all.includes(one) && one.milliseconds > 0)).toBe(true);
        expect(kept).toEqual(kept.toSorted((a, b) => a.signedInAt - b.signedInAt));
      }),
    );
  });

  test('a typical length is one of the last three, all of which are close to it', () => {
    fc.assert(
      fc.property(ends, (all) => {
        const usual = typicalSessionLength(all);
        if (usual === undefined) return;
        const last = all.slice(-3).map(({ milliseconds }) => milliseconds);
        expect(last).toContain(usual);
        expect(Math.max(...last) - usual).toBeLessThanOrEqual(Math.max(Math.max(...last) / 8, minute));
        expect(Math.min(...last)).toBe(usual);
      }),
    );
  });

  test('three equal lengths are always typical', () => {
    fc.assert(
      fc.property(ends, fc.integer({ min: 1, max: 90 * day }), (before, span) => {
        expect(typicalSessionLength([...before, ...spans(span, span, span)])).toBe(span);
      }),
    );
  });

  test('their order does not matter', () => {
    const three = fc.array(end, { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(three, (some) => {
        expect(typicalSessionLength(some.toReversed())).toBe(typicalSessionLength(some));
      }),
    );
  });
});
