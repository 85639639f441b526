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

/** Which lines of the checklist a person has ticked. */
export interface Ticks {
  has(id: CheckId): boolean;
}

/** One check in a report. */
export interface ReportItem {
  readonly title: string;
  /** The step of the guide that it belongs to. */
  readonly step: string;
  /** The word of its state; undefined for a line of the checklist. */
  readonly state?: string;
  /** Whether a line of the checklist is ticked. */
  readonly isTicked?: boolean;
  readonly found?: string;
  readonly next?: string;
  readonly owner: string;
  /** Where to click. */
  readonly path?: string;
  readonly url?: string;
  readonly evidence: readonly EvidenceLine[];
}

/** A part of a report: what is to fix for one owner, or what is not to be done now. */
export interface ReportSection {
  readonly heading: string;
  /** Sentences before the items. */
  readonly notes?: readonly string[];
  readonly items: readonly ReportItem[];
}

/**
 * How many checks of a run ended in which state; one that was not run is not verified. A line of the checklist that checks have
 * proven counts as passed, another one not at all.
 */
export function summaryCounts(run: SetupRun): Readonly<Record<ResultState, number>> {
  const automatic = run.checks.filter((check) => check.run !== undefined);
  const count = (state: ResultState): number =>
    automatic.filter(({ id }) => (run.findingOf(id)?.state ?? 'inconclusive') === state).length;
  const proven = run.checks.filter((check) => run.isProven(check)).length;
  return {
    pass: count('pass') + proven,
    warning: count('warning'),
    fail: count('fail'),
    inconclusive: count('inconclusive'),
  };
}

/** How many checks of a run ended in which state, in a line, with what is and was to be verified manually. */
export function summaryOf(run: SetupRun, ticks: Ticks): string {
  const manual = run.checks.filter((check) => check.run === undefined && !run.isProven(check));
  const ticked = manual.filter(({ id }) => ticks.has(id)).length;
  const counts = countsText(summaryCounts(run), manual.length - ticked, ticked);
  const headline = headlineOf(run);
  const first = isSignInOpen(run) ? l10n.t('Test sign-in not completed') : headline;
  return first === undefined ? counts : `${first} · ${counts}`;
}

/** Whether the test sign-in was started and not completed: with nothing failed, the setup is not shown to work all the same. */
export function isSignInOpen(run: SetupRun): boolean {
  return run.checks.some(({ id }) => run.findingOf(id)?.reason === 'signInNotCompleted');
}

/** That nothing is wrong in what was checked; undefined where something is, or nothing was checked. */
export function headlineOf(run: SetupRun): string | undefined {
  return isSignInOpen(run) ? undefined : headlineText(l10n, summaryCounts(run));
}

/** How many checks of one owner ended in which state, and whether they have something to fix. */
export function ownerSummary(
  run: SetupRun,
  ticks: Ticks,
  owner: Owner,
): { readonly counts: string; readonly hasToFix: boolean } {
  const mine = run.checks.filter((check) => check.owner === owner);
  const count = (state: ResultState): number =>
    mine.filter(
      (check) => check.run !== undefined && (run.findingOf(check.id)?.state ?? 'inconclusive') === state,
    ).length;
  const proven = mine.filter((check) => run.isProven(check)).length;
  const manual = mine.filter((check) => check.run === undefined && !run.isProven(check));
  const ticked = manual.filter(({ id }) => ticks.has(id)).length;
  const [fail, warning] = [count('fail'), count('warning')];
  const counts = { pass: count('pass') + proven, warning, fail, inconclusive: count('inconclusive') };
  return { counts: countsText(counts, manual.length - ticked, ticked), hasToFix: fail + warning > 0 };
}

/**
 * The parts of a report: what is to fix, a block for each owner, failures before warnings; then what is not verified, what
 * is to be verified manually, and what passed. With `only`, one owner's alone, without what passed.
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

/** A check of a run as the order of a report knows it. */
interface ReportedCheck extends Reported {
  readonly check: Check;
}

/** A check of a run for {@link reportGroups}. */
export function reportedIn(run: SetupRun, check: Check): ReportedCheck {
  const { id, owner } = check;
  const { state, reason, evidence = [] }: Partial<CheckResult> = run.findingOf(id) ?? {};
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

/** What has changed since the run before; with `only`, of one owner's checks. */
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

/** whether a person has access. */
export interface PersonAnswer {
  readonly heading: string;
  /** Undefined while the checks run. */
  readonly verdict: PersonVerdict | undefined;
  /** The run that has the findings, and its checks on the way, in their order. */
  readonly run: SetupRun;
  readonly checks: readonly Check[];
}

/** Whether the person who was asked for, or looked up by the checks, has access; undefined where nothing was seen of them. */
export function personAnswer(of: SetupRun): PersonAnswer | undefined {
  const run = of.ofPerson;
  const { person } = run;
  const checks = personSteps[run.document].flatMap((id) => run.checks.find((one) => one.id === id) ?? []);
  const isAsked = run !== of;
  const seen = isAsked || checks.some((check) => check.run !== undefined && passesOrFails(run, check));
  if (person === undefined || !seen) return undefined;
  if (isAsked && run.isRunning)
    return { heading: l10n.t('Does {0} have access?', person), verdict: undefined, run, checks };
  const stateOf = ({ id, run: asks }: Check): PersonStepState =>
    asks === undefined ? 'manual' : personStepState(id, run.findingOf(id)?.state);
  const verdict = personVerdict(checks.map((check) => ({ id: check.id, state: stateOf(check) })));
  const headings = {
    yes: l10n.t('Does {0} have access? Yes', person),
    no: l10n.t('Does {0} have access? No', person),
    // AWS does not tell who signed in, so that it shows nothing of this person for certain.
    open: passes(of.findingOf('identityCenter.signIn'))
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
  const state = run.findingOf(id)?.state;
  return state !== undefined && state !== 'inconclusive';
}

function itemOf(run: SetupRun, ticks: Ticks, check: Check): ReportItem {
  const finding = run.findingOf(check.id);
  const url = run.consoleUrlOf(check);
  const proof = run.proofOf(check);
  const text: Partial<ResultText> =
    finding === undefined || check.run === undefined ? {} : resultText(check, finding);
  const { found, next, value, path = consolePath(check) } = text;
  return {
    title: checkTitle(check),
    step: stepTitle(check.step),
    owner: ownerName(check.owner),
    evidence: (finding?.evidence ?? [])
      .flatMap((one) => evidenceLine(check, one) ?? [])
      // What to do says it already.
      .filter(({ values }) => value === undefined || values.join() !== value),
    ...(path === undefined ? {} : { path }),
    ...(url === undefined ? {} : { url }),
    ...(proof === undefined
      ? check.run === undefined
        ? { isTicked: ticks.has(check.id) }
        : { state: finding === undefined ? l10n.t('Not checked') : stateWord(finding.state) }
      : { state: stateWord('pass'), found: l10n.t('Verified by “{0}”', checkTitle(proof)) }),
    ...(found === undefined || finding === undefined || !isExplained(check, finding) ? {} : { found }),
    ...(finding?.reason === undefined || next === undefined || next === '' ? {} : { next }),
  };
}
