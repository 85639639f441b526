const longest = 300;

/** Control characters, line ends, and characters that change the direction of what follows. */
const unprintable = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+/g;

/**
 * A server's own words made fit for an error, a log or the screen: one line, at most 300 characters, and anything
 * shaped like a token (24 or more unbroken characters of base64 or a JWT, with a digit in it) replaced, since some
 * servers echo what they were sent.
 */
export function safeText(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined;
  const shown = plainLine(text.slice(0, 4 * longest)).replace(/[\w.~+/=-]{24,}/g, hideTokens);
  if (shown === '') return undefined;
  return shown.length > longest ? `${shown.slice(0, longest - 1)}…` : shown;
}

/** A text on one line, without characters that cannot be seen. */
export function plainLine(text: string): string {
  return text.replace(unprintable, ' ').trim();
}

/** An address stays readable, but not a token in its path. */
function hideTokens(run: string): string {
  if (!/\d/.test(run)) return run;
  if (!run.startsWith('//')) return '…';
  return run
    .split('/')
    .map((part) => (part.length >= 24 && /\d/.test(part) ? '…' : part))
    .join('/');
}

/** An id that a server gives for its support, or undefined for what is none: too long for one, as every token is. */
export function safeId(text: unknown): string | undefined {
  return typeof text === 'string' && /^[\w.:@-]{1,40}$/.test(text) ? text : undefined;
}
