import { displayLines, displayText } from '../../core/text/displayText.ts';

/**
 * Neutralizes VS Code's syntax in a text, so that it is displayed literally. Notifications, input boxes and
 * lists turn `[label](command:…)` into a link and `$(name)` into an icon anywhere in a sentence; inserted
 * spaces prevent both. Names, addresses and a server's messages can then be part of a sentence.
 */
export function plainText(text: string, longest: number = maxSentenceLength): string {
  return displayText(withoutSyntax(displayText(text, longest)), longest);
}

/** Like {@link plainText}, for several lines: the detail of a modal question, or a hover. */
export function plainLines(text: string): string {
  return displayLines(withoutSyntax(displayLines(text, maxDetailLength)), maxDetailLength);
}

/** Whether a question displays this text completely, without much scrolling: a confirmation covers all of it. */
export function isShownInFull(detail: string): boolean {
  return detail.length <= maxQuestionLength;
}

/** Limit at which VS Code cuts a notification. */
const maxSentenceLength = 1000;
/** Limit of a modal question's detail. */
const maxDetailLength = 4000;
const maxQuestionLength = 2500;

function withoutSyntax(text: string): string {
  return text.replaceAll('](', '] (').replaceAll('$(', '$ (');
}

/** Puts one of our icons before a text, which itself never contains one. */
export function withIcon(icon: string | undefined, text: string, longest?: number): string {
  const plain = plainText(text, longest);
  return icon === undefined ? plain : `$(${icon}) ${plain}`;
}
