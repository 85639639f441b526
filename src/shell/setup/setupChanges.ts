import { env, l10n } from 'vscode';
import type { Memento } from 'vscode';
import type { CheckResult } from '../../setup/checkResult.ts';
import type { Check, CheckId } from '../../setup/checks/index.ts';
import { outcomeStates } from '../../setup/checks/outcomes.ts';
import { expirationEvidence, expirationsIn } from '../../setup/expirations.ts';
import { changesBetween, readLastRun } from '../../setup/runChanges.ts';
import type { LastRun, Outcome, RunChanges } from '../../setup/runChanges.ts';
import { remember } from '../remember.ts';
import { signInsWith } from './earlierSignIns.ts';
import { checkTitle, evidenceLine, dateTimeText, stateWord, stepTitle } from './checkTexts.ts';
import type { SetupRun } from './setupRun.ts';

/** The outcomes and expirations of a run, for comparison with the next run of the same subject. */
interface RunOutcomes extends Omit<LastRun, 'outcomes'> {
  readonly outcomes: Readonly<Partial<Record<CheckId, Outcome>>>;
}

const stateOf: Readonly<Record<Outcome, CheckResult['state']>> = {
  passed: 'pass',
  warning: 'warning',
  failed: 'fail',
  notVerified: 'inconclusive',
};

/** The previous run of a subject, if any. */
export function runBefore(memento: Memento, key: string): LastRun | undefined {
  return readLastRun(memento.get(mementoKey(key)));
}

/** Stores the outcome of a run, unless it was canceled: the next one would be compared with an incomplete run. */
export async function keepRun(memento: Memento, run: SetupRun): Promise<void> {
  const outcomes = outcomesOf(run);
  const isWhole = run.checks.every((check) => check.run === undefined || run.resultOf(check.id));
  if (isWhole && outcomes !== undefined) await remember(memento, mementoKey(run.key), outcomes);
}

/** The differences from the previous run; undefined while it runs, and for the first one. */
export function changesOf(run: SetupRun): RunChanges<CheckId> | undefined {
  const outcomes = run.isRunning ? undefined : outcomesOf(run);
  return outcomes === undefined || run.before === undefined
    ? undefined
    : changesBetween(run.before, outcomes);
}

/** One change, in the words of the report. */
export interface ChangeText {
  readonly title: string;
  readonly step: string;
  /** The old and the new state or date. */
  readonly change: string;
  /** The current state; undefined for a date. */
  readonly state?: CheckResult['state'];
  readonly check: Check;
}

/** The heading of the changes. */
export function changesHeading({ since, checks, ends }: RunChanges): string {
  const moment = dateTimeText(since);
  return checks.length + ends.length === 0
    ? l10n.t('No changes since {0}', moment)
    : l10n.t('Changes since {0}', moment);
}

/** A sentence that nothing has changed; undefined if something has. */
export function unchangedText(run: SetupRun): string | undefined {
  const changes = changesOf(run);
  return changes?.checks.length === 0 && changes.ends.length === 0 ? changesHeading(changes) : undefined;
}

/** The changes, one per line. */
export function changeTexts(run: SetupRun, { checks, ends }: RunChanges<CheckId>): readonly ChangeText[] {
  const checkOf = (id: CheckId): Check[] => run.checks.filter((one) => one.id === id);
  return [
    ...checks.flatMap(({ id, was, is }) =>
      checkOf(id).map((check) => ({
        title: checkTitle(check),
        step: stepTitle(check.step),
        change: `${stateWord(stateOf[was])} → ${stateWord(stateOf[is])}`,
        state: stateOf[is],
        check,
      })),
    ),
    ...ends.flatMap(({ endsAt, wasAt }) =>
      run.checks.flatMap((check): ChangeText[] => {
        const seen = expirationEvidence(check, run.resultOf(check.id));
        if (seen?.value !== endsAt) return [];
        const title = evidenceLine(check, seen)?.name ?? checkTitle(check);
        const days = wasAt === undefined ? [endsAt] : [wasAt, endsAt];
        return [{ title, step: stepTitle(check.step), change: days.map(dayText).join(' → '), check }];
      }),
    ),
  ];
}

/** The counts of changed checks by their new state, in a line. */
export function changesSummary({ checks, ends }: RunChanges): string {
  const count = (outcome: Outcome): number => checks.filter(({ is }) => is === outcome).length;
  const parts: readonly (readonly [number, string])[] = [
    [count('failed'), l10n.t('{0} now failing', count('failed'))],
    [count('warning'), l10n.t('{0} now with a warning', count('warning'))],
    [count('notVerified'), l10n.t('{0} no longer verified', count('notVerified'))],
    [count('passed'), l10n.t('{0} now passing', count('passed'))],
    [
      ends.length,
      ends.length === 1 ? l10n.t('1 new expiration date') : l10n.t('{0} new expiration dates', ends.length),
    ],
  ];
  return parts.flatMap(([number, text]) => (number > 0 ? [text] : [])).join(' · ');
}

function outcomesOf(run: SetupRun): RunOutcomes | undefined {
  const { finishedAt } = run;
  if (finishedAt === undefined) return undefined;
  const { ends } = expirationsIn(
    run.checks,
    ({ id }) => run.resultOf(id),
    () => undefined,
  );
  const signIns = signInsWith(run.checks, (id) => run.resultOf(id), finishedAt, run.before);
  return {
    finishedAt,
    outcomes: Object.fromEntries(
      run.checks.flatMap((check) => {
        const result = check.run === undefined ? undefined : run.resultOf(check.id);
        return result === undefined ? [] : [[check.id, outcomeStates[result.state]]];
      }),
    ),
    ends: Object.fromEntries(ends.map(({ what, endsAt }) => [what, endsAt])),
    ...(signIns.length === 0 ? {} : { signIns }),
  };
}

function dayText(moment: number): string {
  return new Date(moment).toLocaleDateString(env.language, { dateStyle: 'medium' });
}

function mementoKey(key: string): string {
  return `setup.lastRun.${key}`;
}
