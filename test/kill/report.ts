import type { Check, PartResult } from './check.ts';

/** A completed part. */
export interface Reported extends PartResult {
  readonly name: string;
  readonly seconds: number;
}

const columns = [
  ['refreshes', 'acceptedRefreshes'],
  ['in s', 'seconds'],
  ['lost', 'lost'],
  ['reused', 'reusesAfterGrace'],
  ['in grace', 'reusesInsideGrace'],
  ['kills', 'kills'],
  ['due after ms', 'youngestRefreshed'],
  ['handed out', 'handedOut'],
  ['used', 'uses'],
  ['wait p50', 'waitP50'],
  ['wait p99', 'waitP99'],
] as const;

/** One check as a line of text. */
export function checkLine({ ok, name, seen }: Check): string {
  return `  ${ok ? '✓' : '✗'} ${name}${seen === '' ? '' : ` (${seen})`}`;
}

/** The rounds as a table with one row each. */
export function roundsTable(parts: readonly Reported[]): string {
  const rounds = parts.filter(({ figures }) => 'acceptedRefreshes' in figures && 'lost' in figures);
  if (rounds.length === 0) return '';
  const width = Math.max(...rounds.map(({ name }) => name.length));
  const head = [' '.repeat(width), ...columns.map(([title]) => title.padStart(12))].join(' ');
  const lines = rounds.map(({ name, figures }) =>
    [name.padEnd(width), ...columns.map(([, figure]) => shown(figures[figure]).padStart(12))].join(' '),
  );
  return [head, ...lines].join('\n');
}

/** The other steps, each with its figures. */
export function stepLines(parts: readonly Reported[]): string {
  return parts
    .filter(({ figures }) => !('lost' in figures))
    .map(({ name, figures }) => {
      const all = Object.entries(figures).map(([figure, value]) => `${figure} ${shown(value)}`);
      return `${name}: ${all.join(', ')}`;
    })
    .join('\n');
}

function shown(value: unknown): string {
  if (typeof value !== 'number') return String(value);
  return Number.isInteger(value) ? String(value) : value.toFixed(2);
}
