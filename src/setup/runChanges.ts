import * as v from 'valibot';
import type { Expiring } from './expirations.ts';
import { expiring } from './expirations.ts';

/** The ways in which a check can end, the worst first. */
export const outcomes = ['failed', 'warning', 'notVerified', 'passed'] as const;
/** How a check ended: what two runs are compared by. */
export type Outcome = (typeof outcomes)[number];

const lastRunSchema = v.object({
  /** Epoch milliseconds. */
  finishedAt: v.number(),
  /** By the ID of the check. */
  outcomes: v.record(v.string(), v.picklist(outcomes)),
  /** When what ends, epoch milliseconds. */
  ends: v.record(v.picklist(expiring), v.exactOptional(v.number())),
});
/** What is kept of a run to compare the next one with: how its checks ended and what ends when; no value and no secret. */
export type LastRun = v.InferOutput<typeof lastRunSchema>;

/** A check that ended otherwise than in the run before. */
export interface CheckChange<Id extends string = string> {
  readonly id: Id;
  readonly was: Outcome;
  readonly is: Outcome;
}

/** An end that the run before did not see, or saw on another day. Epoch milliseconds. */
export interface EndChange {
  readonly what: Expiring;
  readonly endsAt: number;
  readonly wasAt?: number;
}

/** What a run found otherwise than the one before. */
export interface RunChanges<Id extends string = string> {
  /** When the run before ended, epoch milliseconds. */
  readonly since: number;
  /** What is wrong now comes first. */
  readonly checks: readonly CheckChange<Id>[];
  readonly ends: readonly EndChange[];
}

/** Two checks can see the same end by different clocks. */
const sameEnd = 24 * 3600 * 1000;

/** What was kept of a run; undefined for anything else. */
export function readLastRun(kept: unknown): LastRun | undefined {
  const result = v.safeParse(lastRunSchema, kept);
  return result.success ? result.output : undefined;
}

/**
 * Compares two runs of the same subject. A check that only one of them had says nothing, since a new version of the product brings
 * new checks.
 */
export function changesBetween<Id extends string>(
  before: LastRun,
  now: Omit<LastRun, 'outcomes'> & { readonly outcomes: Readonly<Partial<Record<Id, Outcome>>> },
): RunChanges<Id> {
  const all = Object.entries(now.outcomes) as [Id, Outcome][];
  const checks = all.flatMap(([id, is]): CheckChange<Id>[] => {
    const was = before.outcomes[id];
    return was === undefined || was === is ? [] : [{ id, was, is }];
  });
  return {
    since: before.finishedAt,
    checks: outcomes.flatMap((is) => checks.filter((change) => change.is === is)),
    ends: expiring.flatMap((what): EndChange[] => {
      const [endsAt, wasAt] = [now.ends[what], before.ends[what]];
      if (endsAt === undefined) return [];
      if (wasAt === undefined) return [{ what, endsAt }];
      return Math.abs(endsAt - wasAt) < sameEnd ? [] : [{ what, endsAt, wasAt }];
    }),
  };
}
