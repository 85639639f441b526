import * as v from 'valibot';
import { defined } from '../core/defined.ts';
import { parseJson } from '../core/text/parseJson.ts';
import type { CheckOutcome } from '../setup/checks/outcomes.ts';
import { checksOf } from '../setup/checks/index.ts';
import { expirationsIn } from '../setup/expirations.ts';
import { changesBetween, outcomes } from '../setup/runChanges.ts';
import type { LastRun, Outcome, RunChanges } from '../setup/runChanges.ts';
import type { SetupGuideId } from '../setup/setupGuides.ts';
import { readText, UsageError } from './inputFile.ts';

/** Changes since an earlier report; times are ISO 8601. */
export interface ReportChanges {
  readonly since: string;
  readonly checks: RunChanges['checks'];
  readonly ends: readonly { readonly what: string; readonly endsAt: string; readonly wasAt?: string }[];
}

/** The part of a report that is compared. */
type Compared = Pick<CheckOutcome, 'evidence'> & { readonly id: string; readonly state: string };

const reportSchema = v.object({
  version: v.literal(1),
  guide: v.string(),
  finishedAt: v.pipe(v.string(), v.isoTimestamp()),
  checks: v.array(
    v.object({
      id: v.string(),
      state: v.string(),
      evidence: v.array(
        v.object({
          name: v.string(),
          label: v.string(),
          value: v.union([v.string(), v.number(), v.array(v.string())]),
        }),
      ),
    }),
  ),
});

/**
 * Reads an earlier report of the same guide.
 * @throws UsageError
 */
export function readSince(path: string, guide: SetupGuideId): LastRun {
  const result = v.safeParse(reportSchema, parseJson(readText(path)));
  if (!result.success) throw new UsageError(`${path} is not a report of check-setup.`);
  const { finishedAt, checks, guide: earlier } = result.output;
  if (earlier !== guide) throw new UsageError(`${path} is a report of the guide ${earlier}, not ${guide}.`);
  return runOf(guide, checks, Date.parse(finishedAt));
}

/** Changes since an earlier report. */
export function changesSince(
  before: LastRun,
  guide: SetupGuideId,
  checks: readonly CheckOutcome[],
  finishedAt: number,
): ReportChanges {
  const changes = changesBetween(before, runOf(guide, checks, finishedAt));
  const iso = (moment: number) => new Date(moment).toISOString();
  return {
    since: iso(changes.since),
    checks: changes.checks,
    ends: changes.ends.map(({ what, endsAt, wasAt }) => ({
      what,
      endsAt: iso(endsAt),
      ...defined({ wasAt: wasAt === undefined ? undefined : iso(wasAt) }),
    })),
  };
}

/** The report as a run, without manual checks, which are not run. */
function runOf(guide: SetupGuideId, checks: readonly Compared[], finishedAt: number): LastRun {
  const automatic = checksOf[guide].filter((check) => check.run !== undefined);
  const byId = new Map(checks.map((one) => [one.id, one]));
  const { ends } = expirationsIn(
    automatic,
    ({ id }) => {
      const evidence = byId.get(id)?.evidence;
      return evidence === undefined ? undefined : { state: 'pass', evidence };
    },
    () => undefined,
  );
  return {
    finishedAt,
    outcomes: Object.fromEntries(
      automatic.flatMap(({ id }) => {
        const state = outcomes.find((one) => one === byId.get(id)?.state);
        return state === undefined ? [] : [[id, state] as [string, Outcome]];
      }),
    ),
    ends: Object.fromEntries(ends.map(({ what, endsAt }) => [what, endsAt])),
  };
}
