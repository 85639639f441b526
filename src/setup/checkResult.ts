import type { SignInError } from '../core/oauth/errors.ts';
import { defined } from '../core/defined.ts';

/** What a check says of its step; a warning passes. */
export type ResultState = 'pass' | 'warning' | 'fail' | 'inconclusive';

/** A check's result: data only, none of it secret. Its sentences are in the check's texts. */
export interface CheckResult<Reason extends string = string, Name extends string = string> {
  readonly state: ResultState;
  /** Why, where it does not simply pass. */
  readonly reason?: Reason;
  /** What it was seen by, in the order it is shown. */
  readonly evidence: readonly Evidence<Name>[];
  /** What went wrong on the way, where something did. */
  readonly error?: SignInError;
}

/** One fact. Moments are epoch milliseconds, under a name that ends in `At`. */
export interface Evidence<Name extends string = string> {
  readonly name: Name;
  readonly value: EvidenceValue;
}

/** What a piece of evidence is; times are epoch milliseconds. */
export type EvidenceValue = string | number | readonly string[];

/** Reasons that any check can have; the shell has their sentences, since they speak of other checks and of errors. */
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

/** What evidence is given as; a name without a value is left out. */
export type EvidenceValues<Name extends string> = Partial<Readonly<Record<Name, EvidenceValue | undefined>>>;

/** The step was shown to be right. */
export function pass<Name extends string = never>(
  evidence: EvidenceValues<Name> = {},
): CheckResult<never, Name> {
  return { state: 'pass', evidence: listOf(evidence) };
}

/** It passes, but for something that will be, or may be, in the way. */
export function warn<Reason extends string, Name extends string = never>(
  reason: Reason,
  evidence: EvidenceValues<Name> = {},
): CheckResult<Reason, Name> {
  return { state: 'warning', reason, evidence: listOf(evidence) };
}

/** The step was shown to be wrong. */
export function fail<Reason extends string, Name extends string = never>(
  reason: Reason,
  evidence: EvidenceValues<Name> = {},
  error?: SignInError,
): CheckResult<Reason, Name> {
  return because('fail', reason, evidence, error);
}

/** Neither was shown. */
export function inconclusive<Reason extends string, Name extends string = never>(
  reason: Reason,
  evidence: EvidenceValues<Name> = {},
  error?: SignInError,
): CheckResult<Reason, Name> {
  return because('inconclusive', reason, evidence, error);
}

/** Whether it passes, with a warning or without. */
export function passes(result: CheckResult | undefined): boolean {
  return result?.state === 'pass' || result?.state === 'warning';
}

/** Tells a result from what a check would go on with. */
export function isResult<T extends object>(value: T): value is Extract<T, CheckResult> {
  return 'state' in value;
}

/** One fact of a result as text, for a sentence; empty where it’s missing. */
export function fact(result: CheckResult, name: string): string {
  return valuesOf(result, name).join(', ');
}

/** How many values a piece of evidence has. */
export function count(result: CheckResult, name: string): number {
  return valuesOf(result, name).length;
}

/** The values of a piece of evidence; none where it’s missing. */
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

/** Whether a person has to see to it: it is wrong, or may be, and was not merely left out. */
export function needsAttention({ state, reason }: CheckResult): boolean {
  return state === 'fail' || state === 'warning' || reason === 'signInNotCompleted';
}
