import { markdownTable } from '../tools/lib/measured.ts';
import type { JudgedFigure } from './figure.ts';

const HEADER = ['name', 'value', 'bound', 'ratio', ''] as const;

/** The figures with a bound and their controls, as Markdown. Absolute values depend on the machine; the ratios are guaranteed. */
export function measuredTable(figures: readonly JudgedFigure[]): string {
  const rows = figures.flatMap(({ name, value, unit, bound, isOver, isControl }) =>
    bound === undefined
      ? isControl
        ? [[name.trim(), amount(value, unit), '–', 'control']]
        : []
      : [[name.trim(), amount(value, unit), `≤ ${amount(bound.most, unit)}`, isOver ? '**missed**' : 'met']],
  );
  return markdownTable(['figure', 'measured', 'goal', ''], rows);
}

/** The figures as text: name, value, bound, and their ratio. */
export function tableOf(figures: readonly JudgedFigure[]): string {
  const rows = figures.map((figure) => [
    figure.name,
    amount(figure.value, figure.unit),
    figure.bound === undefined ? '' : `≤ ${amount(figure.bound.most, figure.unit)}`,
    figure.ratio === undefined ? '' : figure.ratio.toFixed(2),
    figure.isOver ? 'OVER' : '',
  ]);
  const widths = HEADER.map((_, column) =>
    Math.max(...[HEADER, ...rows].map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return [line(HEADER), line(widths.map((width) => '─'.repeat(width))), ...rows.map(line)].join('\n');
}

function amount(value: number, unit: JudgedFigure['unit']): string {
  switch (unit) {
    case 'ms':
      return `${value.toFixed(value < 10 ? 2 : 1)} ms`;
    case 'bytes':
      return `${(value / 1024).toFixed(1)} KB`;
    case 'requests':
    case 'times':
      return String(value);
    case '':
      return value.toFixed(2);
  }
}
