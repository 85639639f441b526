import { MarkdownString } from 'vscode';
import { plainText } from './plainText.ts';

/** A part of a hover: lines, with an optional heading. */
export interface HoverPart {
  readonly heading?: string;
  readonly lines: readonly string[];
}

/** A hover of plain text, without links, icons or HTML; VS Code would turn even an email address into a link. */
export function hover(parts: readonly HoverPart[]): MarkdownString {
  const blocks = parts.map(({ heading, lines }) =>
    [...(heading === undefined ? [] : [`**${escaped(heading)}**`]), ...lines.map(escaped)].join('  \n'),
  );
  return new MarkdownString(blocks.join('\n\n'));
}

/** Escapes text for Markdown, with an entity for each special character. */
function escaped(text: string): string {
  return plainText(text).replace(/[!-/:-@[-`{-~]/g, (character) => `&#${character.charCodeAt(0)};`);
}
