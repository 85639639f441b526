import { owners } from '../check.ts';
import type { Owner } from '../check.ts';
import { valuesOf } from '../checkResult.ts';
import type { Evidence } from '../checkResult.ts';
import { inputTitle } from '../inputTitle.ts';
import type { InputName } from '../setupPorts.ts';
import type { Translator } from '../translator.ts';
import type { OutcomeState } from './outcomes.ts';

/** The part of a check that a report needs. */
export interface Reported {
  readonly id: string;
  readonly owner: Owner;
  /** Undefined if it was not run. */
  readonly state: OutcomeState | undefined;
  readonly reason?: string | undefined;
  readonly evidence: readonly Evidence[];
}

/** The checks of a report in the order in which to work on them; each appears once. */
export interface ReportGroups<T> {
  /** Checks to fix, by owner, failures before warnings. */
  readonly toFix: readonly { readonly owner: Owner; readonly checks: readonly T[] }[];
  /** Checks with a reason of their own that were not verified; a test sign-in that was not completed comes first. */
  readonly notVerified: readonly T[];
  /** Checks that run with one more input, the most frequently missing inputs first. */
  readonly missing: readonly MissingInput<T>[];
  readonly manual: readonly T[];
  readonly passed: readonly T[];
}

/** A missing input, and the checks that need it. */
export interface MissingInput<T> {
  readonly input: InputName;
  /** Further missing inputs of each check. */
  readonly checks: readonly { readonly check: T; readonly also: readonly InputName[] }[];
}

/** Groups the checks of a run for a report. `all` includes dependencies that are not reported themselves. */
export function reportGroups<T extends Reported>(
  reported: readonly T[],
  all: readonly Reported[] = reported,
): ReportGroups<T> {
  const inState = (...states: readonly (OutcomeState | undefined)[]): T[] =>
    states.flatMap((state) => reported.filter((check) => check.state === state));
  const toFix = inState('failed', 'warning');
  const open = inState('notVerified');
  const isUnfinished = ({ reason }: T): boolean => reason === 'signInNotCompleted';
  return {
    toFix: owners.flatMap((owner) => {
      const checks = toFix.filter((check) => check.owner === owner);
      return checks.length === 0 ? [] : [{ owner, checks }];
    }),
    notVerified: [
      ...open.filter(isUnfinished),
      ...open.filter((check) => !isUnfinished(check) && missingInputs(check, all).length === 0),
      ...inState(undefined),
    ],
    missing: byMissingInput(open, all),
    manual: inState('manual'),
    passed: inState('passed'),
  };
}

/** The missing inputs of a check and of its dependencies. */
function missingInputs(check: Reported, all: readonly Reported[]): readonly InputName[] {
  const inputsOf = (one: Reported): readonly string[] =>
    one.reason === 'notGiven' ? valuesOf(one, 'missingInput') : [];
  if (check.reason !== 'blocked') return inputsOf(check) as readonly InputName[];
  const roots = valuesOf(check, 'blockedBy').map((id) => all.find((one) => one.id === id));
  if (!roots.every((root) => root?.reason === 'notGiven')) return [];
  return [...new Set(roots.flatMap((root) => (root === undefined ? [] : inputsOf(root))))] as InputName[];
}

/** Checks grouped by the missing input that most checks need. */
function byMissingInput<T extends Reported>(
  open: readonly T[],
  all: readonly Reported[],
): readonly MissingInput<T>[] {
  const lacking = open
    .map((check) => ({ check, missing: missingInputs(check, all) }))
    .filter(({ missing }) => missing.length > 0);
  const uses = (name: InputName): number => lacking.filter(({ missing }) => missing.includes(name)).length;
  const groups = new Map<InputName, MissingInput<T>['checks']>();
  for (const { check, missing } of lacking) {
    const [input, ...also] = missing.toSorted((a, b) => uses(b) - uses(a));
    if (input !== undefined) groups.set(input, [...(groups.get(input) ?? []), { check, also }]);
  }
  return [...groups]
    .map(([input, checks]) => ({ input, checks }))
    .toSorted((a, b) => b.checks.length - a.checks.length);
}

/** A line for a missing input: the checks that run with it, and what else they need. */
export function missingInputText<T>(
  l10n: Translator,
  { input, checks }: MissingInput<T>,
  titleOf: (check: T) => string,
): string {
  const texts = checks.map(({ check, also }) => {
    const names = also.map((name) => inputTitle(l10n, name)).join('”, “');
    return also.length === 0 ? titleOf(check) : `${titleOf(check)} (${l10n.t('also needs “{0}”', names)})`;
  });
  const [name, all] = [inputTitle(l10n, input), texts.join(', ')];
  return texts.length === 1
    ? l10n.t('With “{0}”, 1 more check runs: {1}.', name, all)
    : l10n.t('With “{0}”, {1} more checks run: {2}.', name, texts.length, all);
}
