import { fact } from './checkResult.ts';
import type { CheckResult } from './checkResult.ts';
import type { Translator } from './translator.ts';

const day = 24 * 3600 * 1000;

/** How many whole days are left, for {@link endText}. */
export function daysLeft(endsAt: number, now: number): number {
  return Math.floor((endsAt - now) / day);
}

/** The day of an end that a check has seen, and how far off it is: `Dec 9, 2026 (in 10 days)`. */
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
