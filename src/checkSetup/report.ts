import { countsText, headlineText } from '../setup/countsText.ts';
import { ownerName } from '../setup/ownerName.ts';
import { guideTitles } from '../setup/setupGuides.ts';
import { english } from '../setup/translator.ts';
import { missingInputText, reportGroups } from '../setup/checks/reportGroups.ts';
import type { CheckOutcome, OutcomeState } from '../setup/checks/outcomes.ts';
import { personSteps, personStepState, personVerdict } from '../setup/checks/personVerdict.ts';
import type { PersonStep, PersonVerdict } from '../setup/checks/personVerdict.ts';
import { valuesOf } from '../setup/checkResult.ts';
import type { ReportChanges } from './since.ts';
import { outputLine } from './outputText.ts';
import type { SetupGuideId } from '../setup/setupGuides.ts';

/** The JSON output. `version` changes if a member is removed or changes its meaning. */
export interface SetupReport {
  readonly version: 1;
  readonly guide: SetupGuideId;
  /** ISO 8601. */
  readonly finishedAt: string;
  readonly summary: Readonly<Record<OutcomeState, number>>;
  /** Whether the given person has access, and the checks that show it, in order. */
  readonly person?: {
    readonly userName: string;
    readonly getsIn: PersonVerdict;
    readonly steps: readonly string[];
  };
  /** Changes since the report given for comparison. */
  readonly changes?: ReportChanges;
  readonly checks: readonly CheckOutcome[];
}

/** The report of a run that ended at `finishedAt`, epoch milliseconds. */
export function reportOf(
  guide: SetupGuideId,
  checks: readonly CheckOutcome[],
  finishedAt: number,
  person?: string,
): SetupReport {
  const count = (state: OutcomeState): number => checks.filter((one) => one.state === state).length;
  return {
    version: 1,
    guide,
    finishedAt: new Date(finishedAt).toISOString(),
    summary: {
      failed: count('failed'),
      warning: count('warning'),
      notVerified: count('notVerified'),
      manual: count('manual'),
      passed: count('passed'),
    },
    ...(person === undefined ? {} : { person: personOf(guide, checks, person) }),
    checks,
  };
}

function personOf(guide: SetupGuideId, checks: readonly CheckOutcome[], userName: string) {
  const steps = personSteps[guide].flatMap((id) => checks.find((one) => one.id === id) ?? []);
  const ended = steps.map(({ id, state }): PersonStep => ({
    id,
    state: state === 'warning' ? personStepState(id, state) : state,
  }));
  return { userName, getsIn: personVerdict(ended), steps: steps.map(({ id }) => id) };
}

const words: Readonly<Record<OutcomeState, string>> = {
  failed: 'Failed',
  warning: 'Warning',
  notVerified: 'Not verified',
  manual: 'Verify manually',
  passed: 'Passed',
};

/**
 * The report as lines for a log, in the order of the editor's report: counts, fixes by owner, not verified with
 * the missing inputs, manual checks, passed.
 */
export function reportLines({ guide, summary, checks, person, changes }: SetupReport): string {
  const { toFix, notVerified, missing, manual, passed } = reportGroups(checks);
  const section = (heading: string, notes: readonly string[], items: readonly CheckOutcome[]): string[] =>
    notes.length + items.length === 0
      ? []
      : [heading, ...[...notes, ...items.flatMap(itemLines)].map((line) => `    ${line}`), ''];
  const notes = missing.map((one) => missingInputText(english, one, ({ title }) => title));
  const lines = [
    `SSO setup: ${guideTitles(english)[guide]}`,
    summaryLine(summary),
    '',
    ...toFix.flatMap(({ owner, checks: mine }) => section(`To fix: ${ownerName(english, owner)}`, [], mine)),
    ...personLines(checks, person),
    ...changeLines(checks, changes),
    ...section('Not verified', notes, notVerified),
    ...section('Verify manually', [], manual),
    ...section('Passed', [], passed),
  ];
  return `${lines.map(outputLine).join('\n').trimEnd()}\n`;
}

/** Whether something failed, and how many checks ended in each state. */
function summaryLine({ passed, warning, failed, notVerified, manual }: SetupReport['summary']): string {
  const counts = { pass: passed, warning, fail: failed, inconclusive: notVerified };
  const headline = headlineText(english, counts);
  return [headline, countsText(english, counts, manual)].filter((part) => part !== undefined).join(' · ');
}

/** One check: its state unless the heading has it, its title and ID, and its details. */
function itemLines({ id, state, title, found, next, console: place }: CheckOutcome): readonly string[] {
  const word = state === 'failed' || state === 'warning' ? `${words[state]}: ` : '';
  return [
    `${word}${title} [${id}]`,
    ...[found, next, state === 'passed' ? undefined : place?.url].flatMap((line) =>
      line === undefined || line === '' ? [] : [`    ${line}`],
    ),
  ];
}

/** Changes since the earlier report. */
function changeLines(checks: readonly CheckOutcome[], changes: ReportChanges | undefined): readonly string[] {
  if (changes === undefined) return [];
  const { since } = changes;
  const lines = [
    ...changes.checks.map(({ id, was, is }) => {
      const title = checks.find((one) => one.id === id)?.title ?? id;
      return `    ${words[was]} -> ${words[is]}: ${title} [${id}]`;
    }),
    ...changes.ends.map(
      ({ what, endsAt, wasAt }) =>
        `    ${what} expires ${endsAt}${wasAt === undefined ? '' : ` (was ${wasAt})`}`,
    ),
  ];
  return [lines.length === 0 ? `No changes since ${since}` : `Changes since ${since}`, ...lines, ''];
}

/** Whether the person has access, and the result of each step on the way. */
function personLines(checks: readonly CheckOutcome[], person: SetupReport['person']): readonly string[] {
  if (person === undefined) return [];
  const { userName, getsIn, steps } = person;
  const verdicts = {
    yes: 'has access',
    manual: 'has access, if the steps to verify manually are done',
    no: 'has no access',
    open: 'may have access: not every step is verified',
  };
  return [
    `${userName} ${verdicts[getsIn]}`,
    ...steps.flatMap((id) => {
      const step = checks.find((one) => one.id === id);
      if (step === undefined) return [];
      const { state, title, found } = step;
      return [`    ${words[state]}: ${title}${found === undefined ? '' : `. ${found}`}`];
    }),
    '',
  ];
}

/** 0 if nothing failed, else 1. `isStrict` also requires that all checks without a test sign-in are verified. */
export function exitCodeOf({ summary, checks }: SetupReport, isStrict: boolean): number {
  const isOpen = (check: CheckOutcome): boolean =>
    check.state === 'notVerified' && !valuesOf(check, 'missingInput').includes('testSignIn');
  return summary.failed > 0 || (isStrict && checks.some(isOpen)) ? 1 : 0;
}
