import type { ResultState } from './checkResult.ts';
import type { Translator } from './translator.ts';

/** The counts of checks by state, in a line; omits states without checks. */
export function countsText(
  l10n: Translator,
  { pass, warning, fail, inconclusive }: Readonly<Record<ResultState, number>>,
  manual = 0,
  verifiedManually = 0,
): string {
  const parts: readonly (readonly [count: number, text: string])[] = [
    [fail, l10n.t('{0} failed', fail)],
    [warning, l10n.t('{0} with a warning', warning)],
    [inconclusive, l10n.t('{0} not verified', inconclusive)],
    [manual, l10n.t('{0} to verify manually', manual)],
    [verifiedManually, l10n.t('{0} verified manually', verifiedManually)],
    [pass, l10n.t('{0} passed', pass)],
  ];
  return parts.flatMap(([count, text]) => (count > 0 ? [text] : [])).join(' · ');
}

/** The headline of a run without problems; undefined if there is a problem, or if nothing was checked. */
export function headlineText(
  l10n: Translator,
  { pass, warning, fail, inconclusive }: Readonly<Record<ResultState, number>>,
): string | undefined {
  return fail + warning > 0 || pass === 0
    ? undefined
    : l10n.t('No problems found in what was checked ({0} of {1})', pass, pass + inconclusive);
}
