import { displayLines, displayText } from '../../core/text/displayText.ts';

/**
 * Text for VS Code that draws as these characters and nothing else. Its notifications, input boxes and lists make a link
 * of `[label](command:…)` and an icon of `$(name)`, wherever in a sentence that stands, whatever its source: a space
 * takes both apart. So names, addresses and a server's words can be put into a sentence as they are.
 */
export function plainText(text: string, longest: number = longestSentence): string {
  return displayText(withoutSyntax(displayText(text, longest)), longest);
}

/** The same for several lines: the detail of a modal question, a hover. */
export function plainLines(text: string): string {
  return displayLines(withoutSyntax(displayLines(text, longestDetail)), longestDetail);
}

/** Whether a question shows this text to its end, without much scrolling: a yes holds for all that is asked. */
export function isShownWhole(detail: string): boolean {
  return detail.length <= longestQuestion;
}

/** VS Code cuts a notification there. */
const longestSentence = 1000;
/** What a modal question still shows whole. */
const longestDetail = 4000;
const longestQuestion = 2500;

function withoutSyntax(text: string): string {
  return text.replaceAll('](', '] (').replaceAll('$(', '$ (');
}

/** An icon of ours before a text. An icon is never part of the text. */
export function withIcon(icon: string | undefined, text: string, longest?: number): string {
  const plain = plainText(text, longest);
  return icon === undefined ? plain : `$(${icon}) ${plain}`;
}
