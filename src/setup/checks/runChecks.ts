import { withTimeout } from '../../core/oauth/abortable.ts';
import { abortError, findSignInError, SignInError } from '../../core/oauth/errors.ts';
import { cleanPasted, withoutUnseenEdges } from '../../input/pastedText.ts';
import type { Check, CheckId } from './index.ts';
import type { InputName, SetupInputs, SetupPorts, TestSignIn } from '../setupPorts.ts';
import { hasOktaApi } from '../oktaCredential.ts';
import { createLookups } from '../lookups.ts';
import { inconclusive, valuesOf } from '../checkResult.ts';
import type { CheckResult } from '../checkResult.ts';
import { limitConcurrency, lazily } from '../concurrency.ts';

/** Maximum number of concurrent checks. */
const maxConcurrent = 6;
/** Timeout per check, and for all checks that do not wait for the user. */
const checkTimeoutMilliseconds = 15_000;
const overallMilliseconds = 55_000;

/** Callbacks for the start and end of each check. */
export interface Progress {
  readonly started: (id: CheckId) => void;
  readonly found: (id: CheckId, result: CheckResult) => void;
}

/** The checks to run, their inputs, and the progress callbacks. */
export interface ChecksRun {
  readonly checks: readonly Check[];
  readonly inputs: SetupInputs;
  readonly progress: Progress;
}

/**
 * Runs checks concurrently, each after its dependencies; skips those whose dependencies did not pass. A check
 * that throws is inconclusive, with its error. Changes nothing anywhere, and signs out of a test sign-in at the
 * end.
 * @throws the signal's reason, as a `SignInError`, when it aborts
 */
export async function runChecks(
  { checks, inputs: typed, progress }: ChecksRun,
  given: SetupPorts,
  signal: AbortSignal,
): Promise<ReadonlyMap<CheckId, CheckResult>> {
  const inputs = withPlainNames(typed);
  const results = new Map<CheckId, CheckResult>();
  const over = new AbortController();
  const all = AbortSignal.any([signal, over.signal]);
  const test = endedSignIn(given, over.signal);
  const { ports } = test;
  const lookups = createLookups(ports, inputs, all);
  const limited = limitConcurrency(maxConcurrent);
  const began = ports.clock.now();

  const run = async (check: Check): Promise<CheckResult> => {
    const { run: ask } = check;
    if (ask === undefined) return inconclusive('byEye', check.compare?.(inputs));
    const missing = check.needs.filter((name) => !isGiven(name, inputs, ports));
    if (missing.length > 0) return inconclusive('notGiven', { missingInput: missing });
    const blockersIn = async (
      ids: readonly CheckId[] = [],
      isBlocker: (result: CheckResult) => boolean,
    ): Promise<readonly CheckId[]> => {
      const before = await Promise.all(ids.map(async (id) => ({ id, result: await outcomes.get(id)?.() })));
      return before.flatMap(({ id, result }) => {
        const isApart = check.despite?.[id]?.includes(result?.reason ?? '') === true;
        return result !== undefined && !isApart && isBlocker(result) ? [id] : [];
      });
    };
    const blockedBy = [
      ...(await blockersIn(check.after, blocks)),
      ...(await blockersIn(check.unlessFailed, ({ state }) => state === 'fail')),
    ];
    if (blockedBy.length > 0) {
      const { beforehand } = check;
      const shown =
        beforehand === undefined
          ? undefined
          : await beforehand({ ports, inputs, lookups, signal: all }).catch(ignoredUnless(all));
      return shown ?? blocked(blockedBy, results);
    }
    if (check.waitsForPerson === true) {
      progress.started(check.id);
      return ask({ ports, inputs, lookups, signal: all });
    }
    return limited(async () => {
      all.throwIfAborted();
      progress.started(check.id);
      return withTimeLimit(check.id, (over) => ask({ ports, inputs, lookups, signal: over }));
    });
  };
  const withTimeLimit = async (
    operation: CheckId,
    ask: (signal: AbortSignal) => Promise<CheckResult>,
  ): Promise<CheckResult> => {
    const { clock } = ports;
    const left = Math.max(
      1000,
      Math.min(checkTimeoutMilliseconds, began + overallMilliseconds - clock.now()),
    );
    try {
      return await withTimeout({ clock, milliseconds: left, operation }, all, ask);
    } catch (error) {
      const { kind, details } = findSignInError(error) ?? {};
      const isTooLong = kind === 'timeout' && details?.operation === operation;
      if (isTooLong && !all.aborted) return inconclusive('tookTooLong');
      throw error;
    }
  };
  /** The checks that a blocked one waits for, to name the roots. */
  const waits = new Map<CheckId, readonly CheckId[]>();
  const waitsOn = (id: CheckId, other: CheckId, seen: readonly CheckId[] = []): boolean => {
    if (id === other) return true;
    if (seen.includes(id)) return false;
    const { after = [], unlessFailed = [] } = checks.find((check) => check.id === id) ?? {};
    const next = [...after, ...unlessFailed, ...(waits.get(id) ?? [])];
    return next.some((one) => waitsOn(one, other, [...seen, id]));
  };
  const outcomes = new Map(
    checks.map((check) => [
      check.id,
      lazily(async (): Promise<CheckResult> => {
        const found = await run(check).catch((error: unknown) => {
          if (signal.aborted) throw abortError(signal);
          const known = findSignInError(error);
          return known === undefined ? inconclusive('unclearAnswer') : inconclusive('couldNotAsk', {}, known);
        });
        const blockers =
          found.reason === 'blocked' ? (valuesOf(found, 'blockedBy') as readonly CheckId[]) : [];
        const waitsFor = blockers.filter((id) => !waitsOn(id, check.id));
        waits.set(check.id, waitsFor);
        // Its text names the roots, which may still be running.
        await Promise.all(waitsFor.map(async (id) => outcomes.get(id)?.()));
        const result = waitsFor.length > 0 ? blocked(waitsFor, results) : found;
        results.set(check.id, result);
        progress.found(check.id, result);
        return result;
      }),
    ]),
  );
  try {
    await Promise.all([...outcomes.values()].map((outcome) => outcome()));
    // A check may have reported the canceled sign-in as its result.
    if (signal.aborted) throw abortError(signal);
    return results;
  } finally {
    over.abort(new SignInError('cancelled'));
    await test.end();
  }
}

/** Wraps the test sign-in: `end` signs out of it; one that completes after the run is signed out immediately. */
function endedSignIn(ports: SetupPorts, over: AbortSignal) {
  const { signIn } = ports;
  let signedIn: TestSignIn | undefined;
  // If the server does not confirm the sign-out, the tokens expire; the results stand.
  const end = async (): Promise<void> => {
    await signedIn?.end?.().catch(() => undefined);
  };
  if (signIn === undefined) return { ports, end };
  const signInForTest = async (signal: AbortSignal): Promise<TestSignIn> => {
    signedIn = await signIn(signal);
    if (over.aborted) await end();
    return signedIn;
  };
  return { ports: { ...ports, signIn: signInForTest }, end };
}

/** An address in a link (RFC 6068) or an email's header (RFC 5322), such as `Ana <ana@example.com>`. */
const mailbox = /(?:mailto:|<(?:mailto:)?)([^\s<>|?@]{1,100}@[^\s<>|?@]{1,200})/i;

/**
 * Trims invisible characters, which a directory would not match, from the names of person and group; a login
 * also loses quotes and brackets around it, and the rest of a copied email address.
 */
function withPlainNames(inputs: SetupInputs): SetupInputs {
  const { userName, groupName } = inputs;
  return {
    ...inputs,
    ...(userName === undefined ? {} : { userName: cleanPasted(mailbox.exec(userName)?.[1] ?? userName) }),
    ...(groupName === undefined ? {} : { groupName: withoutUnseenEdges(groupName) }),
  };
}

/** Ignores the error of a request whose cause another check reports, but not the end of the run. */
const ignoredUnless = (signal: AbortSignal) => (): undefined => {
  signal.throwIfAborted();
};

/** A result that names the root checks, not those that are blocked themselves. */
function blocked(by: readonly CheckId[], results: ReadonlyMap<CheckId, CheckResult>): CheckResult {
  const rootsOf = (id: CheckId): readonly CheckId[] => {
    const result = results.get(id);
    return result?.reason === 'blocked' ? (valuesOf(result, 'blockedBy') as readonly CheckId[]) : [id];
  };
  const roots = [...new Set(by.flatMap(rootsOf))];
  const failed = roots.filter((id) => results.get(id)?.state === 'fail');
  return inconclusive('blocked', { blockedBy: roots, failedBefore: failed });
}

/** Whether a result blocks the checks that depend on it. */
function blocks({ state, reason }: CheckResult): boolean {
  return state === 'fail' || (state === 'inconclusive' && !openReasons.includes(reason));
}

/** Reasons that leave a step open, but its value usable for other checks. */
const openReasons: readonly (string | undefined)[] = [
  'unknownForm',
  'otherRegion',
  'regionNotCompared',
  'directoryNotCompared',
  'noDirectory',
  'addressesNotSeen',
  'demandsNotSeen',
  'applicationUnknown',
  'tokenNotShown',
  'scopesNotShown',
  'secondAddressNotAsked',
];

function isGiven(name: InputName, inputs: SetupInputs, ports: SetupPorts): boolean {
  if (name === 'testSignIn') return ports.signIn !== undefined;
  if (name === 'oktaApi') return hasOktaApi(inputs);
  const value = inputs[name];
  // An empty file was still given.
  if (name === 'metadataXml') return value !== undefined;
  return typeof value === 'string' ? value.trim() !== '' : value !== undefined;
}
