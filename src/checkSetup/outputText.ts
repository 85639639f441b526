import { displayText } from '../core/text/displayText.ts';
import { unicodePattern } from '../core/text/unicodePattern.ts';

/** Longer than any sentence of a report. */
const longest = 4000;

/** Characters that a terminal could interpret or that change how their neighbors are drawn. */
const unprintable = unicodePattern(String.raw`[^\P{C}\n]`, 'gu');

/**
 * A report line that is safe for a terminal, which interprets control characters, and for a pipeline's log,
 * where a runner interprets lines that begin with `::` (GitHub Actions) or `##` (Azure Pipelines), even after
 * spaces.
 */
export function outputLine(line: string): string {
  const [indent = ''] = /^ {0,8}/.exec(line) ?? [];
  return indent + displayText(line, longest).replace(/^(:|#)(?=\1)/, '$1 ');
}

/**
 * A value as JSON, with escapes for every character that a terminal could interpret or that changes how its
 * neighbors are drawn.
 */
export function outputJson(value: object): string {
  return JSON.stringify(value, undefined, 2).replaceAll(unprintable(), escaped);
}

function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, at) => {
    return `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`;
  }).join('');
}
