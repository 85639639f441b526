import { displayText } from '../../core/text/displayText.ts';
import { unicodePattern } from '../../core/text/unicodePattern.ts';

/** Length limit for one value in a report. */
const longest = 2000;

/** Makes a link or a mention of the word around it, without any markup (GitHub Flavored Markdown, 6.9). */
const linking = /@|:\/\/|www\./i;

/** Letters, digits and punctuation that Markdown displays as they are. */
const plain = unicodePattern(String.raw`^[\p{L}\p{N}_.,:;/@()+=%?' -]*$`);

/** Text that Markdown or a wiki still marks up: emphasis, a list; also no text at all. */
const marked = unicodePattern(String.raw`(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])|^[+=-]|^\d+[.)]|^$`);

/**
 * A value for a report in a wiki or an issue: as it is if Markdown displays it literally, otherwise as code, so
 * it cannot become a heading, an image, HTML, a link or a mention.
 */
export function reportValue(value: string): string {
  const text = displayText(value, longest);
  const isMarked = marked().test(text) || linking.test(text);
  return plain().test(text) && !isMarked ? text : codeSpan(text);
}

/** Any value as code, with a fence longer than its longest run of backticks (CommonMark, 6.1). */
export function codeSpan(value: string): string {
  const text = displayText(value, longest);
  const runs = text.match(/`+/g) ?? [];
  const fence = '`'.repeat(runs.reduce((most, run) => Math.max(most, run.length), 0) + 1);
  return text === '' || runs.length > 0 ? `${fence} ${text} ${fence}` : `${fence}${text}${fence}`;
}

/** Lines as a code block that none of them can end (CommonMark, 4.5). */
export function codeBlock(lines: readonly string[]): readonly string[] {
  const shown = lines.map((line) => displayText(line, longest));
  const longestRun = shown.reduce((most, line) => Math.max(most, /^`*/.exec(line)?.[0].length ?? 0), 3);
  const fence = '`'.repeat(longestRun + 1);
  return [`${fence}text`, ...shown, fence];
}

/**
 * Escapes one of our sentences with inserted values for Markdown. An address or a mention in it is code: no escape
 * prevents them.
 */
export function reportSentence(sentence: string): string {
  return displayText(sentence, longest).replace(/[!-~]+/g, (word) => {
    if (!linking.test(word)) return escaped(word);
    const [, before = '', rest = word] = /^(\()(.*)$/s.exec(word) ?? [];
    const end = rest.includes('(') ? /[.,;:!?]*$/ : /\)?[.,;:!?]*$/;
    const [after = ''] = end.exec(rest) ?? [];
    const address = rest.slice(0, rest.length - after.length);
    return `${before}${codeSpan(address)}${escaped(after)}`;
  });
}

function escaped(text: string): string {
  return text.replace(/[\\`*_[\]<>#|!&~$]/g, (character) => `\\${character}`);
}
