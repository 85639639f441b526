import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { projectRoot } from './paths.ts';

/** The document with benchmark results, one section per benchmark. */
const measured = join(projectRoot, 'docs', 'MEASURED.md');

/**
 * Replaces the section that the same command wrote before, or appends it.
 * @param section the text, or a function of the current document that returns it
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

/** The document with this section replaced; other sections are unchanged. */
export function withSection(document: string, command: string, section: string): string {
  const [begin, end] = [`<!-- ${command} -->`, `<!-- end of ${command} -->`];
  const whole = `${begin}\n\n${section.trim()}\n\n${end}`;
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from < 0 || to < from) return `${document.trimEnd()}\n\n${whole}\n`;
  return `${document.slice(0, from)}${whole}${document.slice(to + end.length)}`;
}

/** Formats rows of text as a table. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
