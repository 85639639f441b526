import type { CheckResult, ResultState } from '../../setup/checkResult.ts';
import type { Check, CheckId } from '../../setup/checks/index.ts';
import type { LastRun } from '../../setup/runChanges.ts';
import { momentText, stateWord } from './checkTexts.ts';

/** How many test sign-ins are kept for each subject. */
const mostSignIns = 10;

/** States, the worst first. */
const states: readonly ResultState[] = ['fail', 'warning', 'inconclusive', 'pass'];

/** Reasons of a check that uses the test sign-in if none was made. */
const withoutSignIn: readonly string[] = ['notSignedIn', 'notGiven', 'blocked'];

/** The result of a check with the earlier test sign-ins as evidence, if it is the test sign-in. */
export function withEarlierSignIns(
  id: CheckId,
  finding: CheckResult,
  before: LastRun | undefined,
): CheckResult {
  const earlier = id.endsWith('.signIn') ? (before?.signIns ?? []) : [];
  if (earlier.length === 0) return finding;
  const value = earlier.map(({ at, state }) => `${momentText(at)}: ${stateWord(state)}`);
  return { ...finding, evidence: [...finding.evidence, { name: 'earlierSignIns', value }] };
}

/**
 * The earlier test sign-ins and that of a run, if it made one; the newest first. The state of the latter is the worst of the
 * checks that use it.
 * @param at end of the run, epoch milliseconds
 */
export function signInsWith(
  checks: readonly Check[],
  findingOf: (id: CheckId) => CheckResult | undefined,
  at: number,
  before: LastRun | undefined,
): NonNullable<LastRun['signIns']> {
  const made = checks.flatMap(({ id, needs, waitsForPerson }) => {
    const finding = waitsForPerson === true && needs.includes('testSignIn') ? findingOf(id) : undefined;
    return finding === undefined || withoutSignIn.includes(finding.reason ?? '') ? [] : [finding.state];
  });
  const state = states.find((one) => made.includes(one));
  return [...(state === undefined ? [] : [{ at, state }]), ...(before?.signIns ?? [])].slice(0, mostSignIns);
}
