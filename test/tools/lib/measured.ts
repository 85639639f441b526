import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { projectRoot } from './paths.ts';

/** Where the figures of the benchmarks are kept, a section each. */
const measured = join(projectRoot, 'docs', 'MEASURED.md');

/**
 * Puts a section in the place of the one that the same command wrote before, or at the end.
 * @param section or how to make it of the document as it is
 */
export async function writeMeasured(
  command: string,
  section: string | ((document: string) => string),
): Promise<void> {
  const document = readFileSync(measured, 'utf8');
  const text = withSection(document, command, typeof section === 'string' ? section : section(document));
  const options = await resolveConfig(measured);
  writeFileSync(measured, await format(text, { ...options, parser: 'markdown' }));
}

/** A document with this section; the others stay as they are. */
export function withSection(document: string, command: string, section: string): string {
  const [begin, end] = [`<!-- ${command} -->`, `<!-- end of ${command} -->`];
  const whole = `${begin}\n\n${section.trim()}\n\n${end}`;
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from < 0 || to < from) return `${document.trimEnd()}\n\n${whole}\n`;
  return `${document.slice(0, from)}${whole}${document.slice(to + end.length)}`;
}

/** Rows of text as a table. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
