import type { CheckResult, ResultState } from '../../setup/checkResult.ts';
import type { Check, CheckId } from '../../setup/checks/index.ts';
import type { LastRun } from '../../setup/runChanges.ts';
import { dateTimeText, stateWord } from './checkTexts.ts';

/** Maximum number of test sign-ins to store per subject. */
const maxSignIns = 10;

/** States, worst first. */
const states: readonly ResultState[] = ['fail', 'warning', 'inconclusive', 'pass'];

/** Reasons of checks that lack the test sign-in they need. */
const withoutSignIn: readonly string[] = ['notSignedIn', 'notGiven', 'blocked'];

/** Adds the earlier test sign-ins as evidence, if the check is the test sign-in. */
export function withEarlierSignIns(
  id: CheckId,
  result: CheckResult,
  before: LastRun | undefined,
): CheckResult {
  const earlier = id.endsWith('.signIn') ? (before?.signIns ?? []) : [];
  if (earlier.length === 0) return result;
  const value = earlier.map(({ at, state }) => `${dateTimeText(at)}: ${stateWord(state)}`);
  return { ...result, evidence: [...result.evidence, { name: 'earlierSignIns', value }] };
}

/**
 * Adds the test sign-in of a run, if any, to the earlier ones; newest first. Its state is the worst of the checks that
 * use it.
 * @param at end of the run, epoch milliseconds
 */
export function signInsWith(
  checks: readonly Check[],
  resultOf: (id: CheckId) => CheckResult | undefined,
  at: number,
  before: LastRun | undefined,
): NonNullable<LastRun['signIns']> {
  const made = checks.flatMap(({ id, needs, waitsForPerson }) => {
    const result = waitsForPerson === true && needs.includes('testSignIn') ? resultOf(id) : undefined;
    return result === undefined || withoutSignIn.includes(result.reason ?? '') ? [] : [result.state];
  });
  const state = states.find((one) => made.includes(one));
  return [...(state === undefined ? [] : [{ at, state }]), ...(before?.signIns ?? [])].slice(0, maxSignIns);
}
