import { l10n } from 'vscode';
import type { Owner, ResultText } from '../../setup/check.ts';
import type { Check, CheckId } from '../../setup/checks/index.ts';
import { outcomeStates } from '../../setup/checks/outcomes.ts';
import { missingInputText, reportGroups } from '../../setup/checks/reportGroups.ts';
import type { Reported } from '../../setup/checks/reportGroups.ts';
import { personSteps, personStepState, personVerdict } from '../../setup/checks/personVerdict.ts';
import type { PersonStepState, PersonVerdict } from '../../setup/checks/personVerdict.ts';
import { passes } from '../../setup/checkResult.ts';
import type { CheckResult, ResultState } from '../../setup/checkResult.ts';
import { headlineText } from '../../setup/countsText.ts';
import {
  checkTitle,
  consolePath,
  countsText,
  evidenceLine,
  isExplained,
  ownerName,
  resultText,
  stateWord,
  stepTitle,
} from './checkTexts.ts';
import type { EvidenceLine } from './checkTexts.ts';
import { changesHeading, changesOf, changeTexts } from './setupChanges.ts';
import type { SetupRun } from './setupRun.ts';

/** The manual checks that the user marked as verified. */
export interface Ticks {
  has(id: CheckId): boolean;
}

/** One check in a report. */
export interface ReportItem {
  readonly title: string;
  /** Its step in the guide. */
  readonly step: string;
  /** The name of its state; undefined for a manual check. */
  readonly state?: string;
  /** Whether a manual check is marked as verified. */
  readonly isTicked?: boolean;
  readonly found?: string;
  readonly next?: string;
  readonly owner: string;
  /** Path in the console. */
  readonly path?: string;
  readonly url?: string;
  readonly evidence: readonly EvidenceLine[];
}

/** A section of a report: one owner's fixes, or checks that need none. */
export interface ReportSection {
  readonly heading: string;
  /** Sentences before the items. */
  readonly notes?: readonly string[];
  readonly items: readonly ReportItem[];
}

/**
 * The counts of a run's checks by state; one that was not run counts as not verified. A manual check counts as
 * passed if proven, otherwise not at all.
 */
export function summaryCounts(run: SetupRun): Readonly<Record<ResultState, number>> {
  const automatic = run.checks.filter((check) => check.run !== undefined);
  const count = (state: ResultState): number =>
    automatic.filter(({ id }) => (run.resultOf(id)?.state ?? 'inconclusive') === state).length;
  const proven = run.checks.filter((check) => run.isProven(check)).length;
  return {
    pass: count('pass') + proven,
    warning: count('warning'),
    fail: count('fail'),
    inconclusive: count('inconclusive'),
  };
}

/** The counts of a run's checks by state in a line, with manual checks. */
export function summaryOf(run: SetupRun, ticks: Ticks): string {
  const manual = run.checks.filter((check) => check.run === undefined && !run.isProven(check));
  const ticked = manual.filter(({ id }) => ticks.has(id)).length;
  const counts = countsText(summaryCounts(run), manual.length - ticked, ticked);
  const headline = headlineOf(run);
  const first = isSignInOpen(run) ? l10n.t('Test sign-in not completed') : headline;
  return first === undefined ? counts : `${first} · ${counts}`;
}

/** Whether the test sign-in was started but not completed: even without failures, the setup is not proven. */
export function isSignInOpen(run: SetupRun): boolean {
  return run.checks.some(({ id }) => run.resultOf(id)?.reason === 'signInNotCompleted');
}

/** The headline of a run without problems; undefined if there is a problem, or if nothing was checked. */
export function headlineOf(run: SetupRun): string | undefined {
  return isSignInOpen(run) ? undefined : headlineText(l10n, summaryCounts(run));
}

/** The counts of one owner's checks by state, and whether some need a fix. */
export function ownerSummary(
  run: SetupRun,
  ticks: Ticks,
  owner: Owner,
): { readonly counts: string; readonly hasToFix: boolean } {
  const mine = run.checks.filter((check) => check.owner === owner);
  const count = (state: ResultState): number =>
    mine.filter(
      (check) => check.run !== undefined && (run.resultOf(check.id)?.state ?? 'inconclusive') === state,
    ).length;
  const proven = mine.filter((check) => run.isProven(check)).length;
  const manual = mine.filter((check) => check.run === undefined && !run.isProven(check));
  const ticked = manual.filter(({ id }) => ticks.has(id)).length;
  const [fail, warning] = [count('fail'), count('warning')];
  const counts = { pass: count('pass') + proven, warning, fail, inconclusive: count('inconclusive') };
  return { counts: countsText(counts, manual.length - ticked, ticked), hasToFix: fail + warning > 0 };
}

/**
 * The sections of a report: fixes by owner, failures before warnings; then not verified, manual, and passed.
 * With `only`, those of one owner, without passed checks.
 */
export function reportSections(run: SetupRun, ticks: Ticks, only?: Owner): readonly ReportSection[] {
  const all = run.checks.map((check) => reportedIn(run, check));
  const mine = all.filter(({ owner }) => only === undefined || owner === only);
  const items = (checks: readonly ReportedCheck[]): ReportItem[] =>
    checks.map(({ check }) => itemOf(run, ticks, check));
  const { toFix, notVerified, missing, manual, passed } = reportGroups(mine, all);
  return [
    ...toFix.map(({ owner, checks }) => ({
      heading: l10n.t('To fix: {0}', ownerName(owner)),
      items: items(checks),
    })),
    ...(only === undefined ? personSection(run, ticks) : []),
    ...changesSection(run, only),
    {
      heading: l10n.t('Not verified'),
      notes: missing.map((one) => missingInputText(l10n, one, ({ check }) => checkTitle(check))),
      items: items(notVerified),
    },
    { heading: l10n.t('Verify manually'), items: items(manual) },
    { heading: l10n.t('Passed'), items: only === undefined ? items(passed) : [] },
  ].filter(({ items: some, notes = [] }: ReportSection) => some.length + notes.length > 0);
}

/** A check of a run, for the order of a report. */
interface ReportedCheck extends Reported {
  readonly check: Check;
}

/** A check of a run for {@link reportGroups}. */
export function reportedIn(run: SetupRun, check: Check): ReportedCheck {
  const { id, owner } = check;
  const { state, reason, evidence = [] }: Partial<CheckResult> = run.resultOf(id) ?? {};
  const manual = run.isProven(check) ? 'passed' : 'manual';
  return {
    check,
    id,
    owner,
    state: check.run === undefined ? manual : state && outcomeStates[state],
    reason,
    evidence,
  };
}

/** The changes since the previous run; with `only`, those of one owner's checks. */
function changesSection(run: SetupRun, only: Owner | undefined): readonly ReportSection[] {
  const changes = changesOf(run);
  if (changes === undefined) return [];
  const texts = changeTexts(run, changes).filter(({ check }) => only === undefined || check.owner === only);
  const items = texts.map(({ title, step, change, check }) => ({
    title,
    step,
    state: change,
    owner: ownerName(check.owner),
    evidence: [],
  }));
  return [{ heading: changesHeading(changes), items }];
}

/** A person's access, and the results that show it. */
export interface PersonAnswer {
  readonly heading: string;
  /** Undefined while the checks run. */
  readonly verdict: PersonVerdict | undefined;
  /** The run with the results, and the checks of the person's steps, in order. */
  readonly run: SetupRun;
  readonly checks: readonly Check[];
}

/** The access of the person that the user or the checks looked up; undefined if no check of theirs ran. */
export function personAnswer(of: SetupRun): PersonAnswer | undefined {
  const run = of.ofPerson;
  const { person } = run;
  const checks = personSteps[run.document].flatMap((id) => run.checks.find((one) => one.id === id) ?? []);
  const isAsked = run !== of;
  const seen = isAsked || checks.some((check) => check.run !== undefined && passesOrFails(run, check));
  if (person === undefined || !seen) return undefined;
  if (isAsked && run.isRunning)
    return { heading: l10n.t('Does {0} have access?', person), verdict: undefined, run, checks };
  const stateOf = (check: Check): PersonStepState => {
    if (check.run === undefined) return run.isProven(check) ? 'passed' : 'manual';
    return personStepState(check.id, run.resultOf(check.id)?.state);
  };
  const verdict = personVerdict(checks.map((check) => ({ id: check.id, state: stateOf(check) })));
  const headings = {
    yes: l10n.t('Does {0} have access? Yes', person),
    manual: l10n.t('Does {0} have access? Yes, if the manual steps are done', person),
    no: l10n.t('Does {0} have access? No', person),
    // AWS does not report who signed in, so this proves nothing about the person.
    open: passes(of.resultOf('identityCenter.signIn'))
      ? l10n.t('Does {0} have access? Yes, if the test sign-in was theirs', person)
      : l10n.t('Does {0} have access? Not every step is verified', person),
  };
  return { heading: headings[verdict], verdict, run, checks };
}

function personSection(of: SetupRun, ticks: Ticks): readonly ReportSection[] {
  const answer = personAnswer(of);
  if (answer?.verdict === undefined) return [];
  const { heading, run, checks } = answer;
  return [{ heading, items: checks.map((check) => itemOf(run, ticks, check)) }];
}

function passesOrFails(run: SetupRun, { id }: Check): boolean {
  const state = run.resultOf(id)?.state;
  return state !== undefined && state !== 'inconclusive';
}

function itemOf(run: SetupRun, ticks: Ticks, check: Check): ReportItem {
  const result = run.resultOf(check.id);
  const url = run.consoleUrlOf(check);
  const proof = run.proofOf(check);
  const text: Partial<ResultText> =
    result === undefined || check.run === undefined ? {} : resultText(check, result);
  const { found, next, value, path = consolePath(check) } = text;
  return {
    title: checkTitle(check),
    step: stepTitle(check.step),
    owner: ownerName(check.owner),
    evidence: (result?.evidence ?? [])
      .flatMap((one) => evidenceLine(check, one) ?? [])
      // The instructions already contain it.
      .filter(({ values }) => value === undefined || values.join() !== value),
    ...(path === undefined ? {} : { path }),
    ...(url === undefined ? {} : { url }),
    ...(proof === undefined
      ? check.run === undefined
        ? { isTicked: ticks.has(check.id) }
        : { state: result === undefined ? l10n.t('Not checked') : stateWord(result.state) }
      : { state: stateWord('pass'), found: l10n.t('Verified by “{0}”', checkTitle(proof)) }),
    ...(found === undefined || result === undefined || !isExplained(check, result) ? {} : { found }),
    ...(result?.reason === undefined || next === undefined || next === '' ? {} : { next }),
  };
}
