import { l10n } from 'vscode';

/** Remaining time for display: `9:58` below an hour, `2 h 5 min`, `3 days`. Takes milliseconds; never negative. */
export function timeLeft(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${String(seconds % 60).padStart(2, '0')}`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return l10n.t('{0} h {1} min', hours, minutes % 60);
  return l10n.t('{0} days', Math.floor(hours / 24));
}

/** Remaining time without seconds, for texts that are announced when they change: `59 min`, `2 h 5 min`, `3 days`. */
export function approximateTimeLeft(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / 60_000);
  if (minutes < 1) return l10n.t('less than a minute');
  return minutes < 60 ? l10n.t('{0} min', minutes) : timeLeft(milliseconds);
}

/** A rounded duration: `45 min`, `8 h`, `3 days`. */
export function spanText(milliseconds: number): string {
  const minutes = Math.max(1, Math.round(milliseconds / 60_000));
  if (minutes < 60) return l10n.t('{0} min', minutes);
  const hours = Math.round(minutes / 60);
  return hours < 48 ? l10n.t('{0} h', hours) : l10n.t('{0} days', Math.round(hours / 24));
}
