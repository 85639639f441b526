import * as v from 'valibot';
import type { Expiring } from './expirations.ts';
import { expiring } from './expirations.ts';

/** Outcomes of a check, the worst first. */
export const outcomes = ['failed', 'warning', 'notVerified', 'passed'] as const;
/** The outcome of a check, for comparing runs. */
export type Outcome = (typeof outcomes)[number];

const lastRunSchema = v.object({
  /** Epoch milliseconds. */
  finishedAt: v.number(),
  /** By check ID. */
  outcomes: v.record(v.string(), v.picklist(outcomes)),
  /** Expirations, epoch milliseconds. */
  ends: v.record(v.picklist(expiring), v.exactOptional(v.number())),
  /** The latest test sign-ins, newest first; times in epoch milliseconds. */
  signIns: v.exactOptional(
    v.array(v.object({ at: v.number(), state: v.picklist(['pass', 'warning', 'fail', 'inconclusive']) })),
  ),
});
/** The stored part of a run, for comparison with the next one: outcomes and expirations, without values or secrets. */
export type LastRun = v.InferOutput<typeof lastRunSchema>;

/** A check whose outcome changed. */
export interface CheckChange<Id extends string = string> {
  readonly id: Id;
  readonly was: Outcome;
  readonly is: Outcome;
}

/** An expiration that is new or has moved to another day. Epoch milliseconds. */
export interface ExpirationChange {
  readonly what: Expiring;
  readonly endsAt: number;
  readonly wasAt?: number;
}

/** The differences between a run and the previous one. */
export interface RunChanges<Id extends string = string> {
  /** End of the previous run, epoch milliseconds. */
  readonly since: number;
  /** Current problems come first. */
  readonly checks: readonly CheckChange<Id>[];
  readonly ends: readonly ExpirationChange[];
}

/** Tolerance: two checks may see the same expiration by different clocks. */
const sameEnd = 24 * 3600 * 1000;

/** Parses a stored run; undefined for anything else. */
export function readLastRun(kept: unknown): LastRun | undefined {
  const result = v.safeParse(lastRunSchema, kept);
  return result.success ? result.output : undefined;
}

/** Compares two runs of the same subject. Ignores a check that only one of them has, since new versions add checks. */
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
    ends: expiring.flatMap((what): ExpirationChange[] => {
      const [endsAt, wasAt] = [now.ends[what], before.ends[what]];
      if (endsAt === undefined) return [];
      if (wasAt === undefined) return [{ what, endsAt }];
      return Math.abs(endsAt - wasAt) < sameEnd ? [] : [{ what, endsAt, wasAt }];
    }),
  };
}
