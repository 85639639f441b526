import { displayText } from '../core/text/displayText.ts';

/** Longer than any sentence of a report. */
const longest = 4000;

/**
 * A line of a report for a terminal or the log of a pipeline. Both obey what they are sent: a terminal its control
 * characters, and a runner a line that begins with `::` (GitHub Actions) or `##` (Azure Pipelines), after spaces, too.
 */
export function outputLine(line: string): string {
  const [indent = ''] = /^ {0,8}/.exec(line) ?? [];
  return indent + displayText(line, longest).replace(/^(:|#)(?=\1)/, '$1 ');
}

/** A value as JSON, with each character escaped that a terminal could obey, or that changes how its neighbors are drawn. */
export function outputJson(value: object): string {
  return JSON.stringify(value, undefined, 2).replaceAll(/[^\P{C}\n]/gu, escaped);
}

function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, at) => {
    return `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`;
  }).join('');
}
