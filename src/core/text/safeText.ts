import { displayText } from './displayText.ts';

const longest = 300;

/**
 * Sanitizes a server's text for an error, a log or the screen: one line, at most 300 characters. Redacts anything
 * shaped like a token, since some servers echo their input: 24 or more characters of base64 or a JWT with a digit, even
 * if encoded or spaced out. Straightens quotation marks, so that only ours end a quotation. Undefined if empty.
 */
export function safeText(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined;
  const shown = withPlainQuotes(displayText(text, 4 * longest))
    .replace(spelledOut, '…')
    .replace(/[\w.~+/=-]{24,}/g, hideTokens);
  return shown === '' ? undefined : displayText(shown, longest);
}

/** Straightens quotation marks, and what looks like them, so that text within ours cannot end them. */
export function withPlainQuotes(text: string): string {
  return text.replace(/[“”„‟«»‹›「」『』｢｣〝〞〟❝❞＂﹁﹂﹃﹄]/g, '"');
}

/** Returns text as one line of visible characters. */
export function plainLine(text: string): string {
  return displayText(text, maxLineLength);
}

/** Longer than any name, address or login. */
const maxLineLength = 1000;

/** Twelve or more characters that are each encoded or separated. */
const spelledOut =
  /(?:%(?:25)*[\da-f]{2}|&#x?[\da-f]{1,6};|\\u[\da-f]{4}|\\x[\da-f]{2}|(?<![\w+/=])[\w+/=][: ,.-]){12,}/gi;

/** Keeps an address readable, except for a token in its path. */
function hideTokens(run: string): string {
  if (!/\d/.test(run)) return run;
  if (!run.startsWith('//')) return '…';
  return run
    .split('/')
    .map((part) => (part.length >= 24 && /\d/.test(part) ? '…' : part))
    .join('/');
}

/** A server's address as one word of ASCII; undefined for text that could continue the sentence around it. */
export function safeAddress(text: unknown): string | undefined {
  return typeof text === 'string' && /^https?:\/\/[!-~]{1,300}$/i.test(text) ? text : undefined;
}

/** A server's ID for support requests; undefined for other values, such as tokens, which are too long. */
export function safeId(text: unknown): string | undefined {
  return typeof text === 'string' && /^[\w.:@-]{1,40}$/.test(text) ? text : undefined;
}
