import { fact } from './checkResult.ts';
import type { CheckResult } from './checkResult.ts';
import type { Translator } from './translator.ts';

const day = 24 * 3600 * 1000;

/** The number of whole days left, for {@link endText}. */
export function daysLeft(endsAt: number, now: number): number {
  return Math.floor((endsAt - now) / day);
}

/** An expiration date from the evidence, with its distance: `Dec 9, 2026 (in 10 days)`. */
export function endText(l10n: Translator, result: CheckResult, endsAtName: string): string {
  const { language = 'en' } = l10n;
  const date = new Date(Number(fact(result, endsAtName))).toLocaleDateString(language, {
    dateStyle: 'medium',
  });
  const days = Number.parseInt(fact(result, 'daysLeft'), 10);
  if (Number.isNaN(days)) return date;
  const away = new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(days, 'day');
  return `${date} (${away})`;
}
