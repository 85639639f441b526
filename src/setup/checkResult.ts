import type { SignInError } from '../core/oauth/errors.ts';
import { defined } from '../core/defined.ts';

/** The state of a result; a warning also counts as passed. */
export type ResultState = 'pass' | 'warning' | 'fail' | 'inconclusive';

/** A check's result: data without secrets. Its texts are in the check's definition. */
export interface CheckResult<Reason extends string = string, Name extends string = string> {
  readonly state: ResultState;
  /** The reason, unless it simply passed. */
  readonly reason?: Reason;
  /** Supporting evidence, in display order. */
  readonly evidence: readonly Evidence<Name>[];
  /** The error that interrupted the check, if any. */
  readonly error?: SignInError;
}

/** One piece of evidence. Times are epoch milliseconds, under a name that ends in `At`. */
export interface Evidence<Name extends string = string> {
  readonly name: Name;
  readonly value: EvidenceValue;
}

/** The value of a piece of evidence; times are epoch milliseconds. */
export type EvidenceValue = string | number | readonly string[];

/** Reasons that any check can have; their texts are the shell's, since they refer to other checks and errors. */
export type CommonReason =
  | 'byEye'
  | 'notGiven'
  | 'blocked'
  | 'couldNotAsk'
  | 'tookTooLong'
  | 'unclearAnswer'
  | 'notSignedIn'
  | 'signInNotCompleted'
  | 'signInStopped'
  | 'providerErrorPage'
  | 'serviceErrorPage'
  | 'notAssignedPage'
  | 'signInFailed';

/** Evidence by name; undefined values are omitted. */
export type EvidenceValues<Name extends string> = Partial<Readonly<Record<Name, EvidenceValue | undefined>>>;

/** A pass. */
export function pass<Name extends string = never>(
  evidence: EvidenceValues<Name> = {},
): CheckResult<never, Name> {
  return { state: 'pass', evidence: listOf(evidence) };
}

/** A pass with a warning about a present or future problem. */
export function warn<Reason extends string, Name extends string = never>(
  reason: Reason,
  evidence: EvidenceValues<Name> = {},
): CheckResult<Reason, Name> {
  return { state: 'warning', reason, evidence: listOf(evidence) };
}

/** A failure. */
export function fail<Reason extends string, Name extends string = never>(
  reason: Reason,
  evidence: EvidenceValues<Name> = {},
  error?: SignInError,
): CheckResult<Reason, Name> {
  return because('fail', reason, evidence, error);
}

/** Neither a pass nor a failure. */
export function inconclusive<Reason extends string, Name extends string = never>(
  reason: Reason,
  evidence: EvidenceValues<Name> = {},
  error?: SignInError,
): CheckResult<Reason, Name> {
  return because('inconclusive', reason, evidence, error);
}

/** Whether a result passes, with or without a warning. */
export function passes(result: CheckResult | undefined): boolean {
  return result?.state === 'pass' || result?.state === 'warning';
}

/** Distinguishes a result from a value to continue with. */
export function isResult<T extends object>(value: T): value is Extract<T, CheckResult> {
  return 'state' in value;
}

/** A piece of evidence as text for a sentence; empty if missing. */
export function fact(result: CheckResult, name: string): string {
  return valuesOf(result, name).join(', ');
}

/** The number of values of a piece of evidence. */
export function count(result: CheckResult, name: string): number {
  return valuesOf(result, name).length;
}

/** The values of a piece of evidence; empty if missing. */
export function valuesOf(result: Pick<CheckResult, 'evidence'> | undefined, name: string): readonly string[] {
  const value = result?.evidence.find((one) => one.name === name)?.value;
  if (value === undefined) return [];
  return typeof value === 'object' ? value : [String(value)];
}

function because<Reason extends string, Name extends string>(
  state: ResultState,
  reason: Reason,
  evidence: EvidenceValues<Name>,
  error: SignInError | undefined,
): CheckResult<Reason, Name> {
  return { state, reason, evidence: listOf(evidence), ...defined({ error }) };
}

function listOf<Name extends string>(evidence: EvidenceValues<Name>): Evidence<Name>[] {
  return (Object.entries(evidence) as [Name, EvidenceValue | undefined][]).flatMap(([name, value]) =>
    value === undefined || (Array.isArray(value) && value.length === 0) ? [] : [{ name, value }],
  );
}

/** Whether the user has to act: on a failure, a warning, or a test sign-in that was not completed. */
export function needsAttention({ state, reason }: CheckResult): boolean {
  return state === 'fail' || state === 'warning' || reason === 'signInNotCompleted';
}
