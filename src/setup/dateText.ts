import { fact } from './checkResult.ts';
import type { CheckResult } from './checkResult.ts';
import type { Translator } from './translator.ts';

const day = 24 * 3600 * 1000;

/** The whole days until a time; both epoch milliseconds. The evidence `daysLeft` of {@link dateText}. */
export function daysLeft(endsAt: number, now: number): number {
  return Math.floor((endsAt - now) / day);
}

/** A date from the evidence, and if the evidence has `daysLeft`, its distance: `Dec 9, 2026 (in 10 days)`. */
export function dateText(l10n: Translator, result: CheckResult, name: string): string {
  const { language = 'en' } = l10n;
  const date = new Date(Number(fact(result, name))).toLocaleDateString(language, {
    dateStyle: 'medium',
  });
  const days = Number.parseInt(fact(result, 'daysLeft'), 10);
  if (Number.isNaN(days)) return date;
  const away = new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(days, 'day');
  return `${date} (${away})`;
}
