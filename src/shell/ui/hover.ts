import { MarkdownString } from 'vscode';
import { plainText } from './plainText.ts';

/** A part of a hover: lines under a heading, or without one. */
export interface HoverPart {
  readonly heading?: string;
  readonly lines: readonly string[];
}

/** A hover that is nothing but text: no link, no icon, no HTML. VS Code would make a link of an e-mail address, too. */
export function hover(parts: readonly HoverPart[]): MarkdownString {
  const blocks = parts.map(({ heading, lines }) =>
    [...(heading === undefined ? [] : [`**${escaped(heading)}**`]), ...lines.map(escaped)].join('  \n'),
  );
  return new MarkdownString(blocks.join('\n\n'));
}

/** Text as Markdown that draws as this text, by an entity for each character that Markdown knows. */
function escaped(text: string): string {
  return plainText(text).replace(/[!-/:-@[-`{-~]/g, (character) => `&#${character.charCodeAt(0)};`);
}
