import type { Tally } from './messages.ts';

/** The combined tallies of all processes. */
export interface Tallies {
  readonly add: (tally: Tally) => void;
  sum(): TallySum;
}

export interface TallySum extends Omit<Tally, 'waits'> {
  /** Number and durations, in milliseconds, of the calls that waited for a refresh. */
  readonly waited: number;
  readonly waitP50: number;
  readonly waitP99: number;
  readonly waitLongest: number;
}

const counters = ['handedOut', 'handedOutExpired', 'uses', 'refusedWhileGood', 'refusedLate'] as const;

export function createTallies(): Tallies {
  const sums = { handedOut: 0, handedOutExpired: 0, uses: 0, refusedWhileGood: 0, refusedLate: 0 };
  const failures: Record<string, number> = {};
  const waits: number[] = [];
  return {
    add: (tally) => {
      for (const counter of counters) sums[counter] += tally[counter];
      for (const [kind, count] of Object.entries(tally.failures))
        failures[kind] = (failures[kind] ?? 0) + count;
      waits.push(...tally.waits);
    },
    sum: () => ({
      ...sums,
      failures: { ...failures },
      waited: waits.length,
      waitP50: quantile(waits, 0.5),
      waitP99: quantile(waits, 0.99),
      waitLongest: quantile(waits, 1),
    }),
  };
}

/** A quantile: the smallest of `values` that this share of them does not exceed; 0 for an empty list. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? 0;
}
