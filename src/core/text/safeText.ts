import { displayText } from './displayText.ts';

const longest = 300;

/**
 * A server's own words made fit for an error, a log or the screen: one line, at most 300 characters, and anything
 * shaped like a token (24 or more unbroken characters of base64 or a JWT, with a digit in it, also letter by letter
 * encoded or spaced out) replaced, since some servers echo what they were sent. Quotation marks are the plain ones:
 * ours end where we end them.
 */
export function safeText(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined;
  const shown = displayText(text, 4 * longest)
    .replace(/[“”„‟«»‹›「」『』]/g, '"')
    .replace(spelledOut, '…')
    .replace(/[\w.~+/=-]{24,}/g, hideTokens);
  return shown === '' ? undefined : displayText(shown, longest);
}

/** A text on one line, without characters that cannot be seen. */
export function plainLine(text: string): string {
  return displayText(text, longestLine);
}

/** Longer than any name, address or login. */
const longestLine = 1000;

/** Twelve or more characters that are each encoded, or each stand alone. */
const spelledOut =
  /(?:%(?:25)*[\da-f]{2}|&#x?[\da-f]{1,6};|\\u[\da-f]{4}|\\x[\da-f]{2}|(?<![\w+/=])[\w+/=][: ,.-]){12,}/gi;

/** An address stays readable, but not a token in its path. */
function hideTokens(run: string): string {
  if (!/\d/.test(run)) return run;
  if (!run.startsWith('//')) return '…';
  return run
    .split('/')
    .map((part) => (part.length >= 24 && /\d/.test(part) ? '…' : part))
    .join('/');
}

/** An ID that a server gives for its support, or undefined for what is not one: too long, as every token is. */
export function safeId(text: unknown): string | undefined {
  return typeof text === 'string' && /^[\w.:@-]{1,40}$/.test(text) ? text : undefined;
}
