const longest = 300;

/**
 * A server's own words made fit for an error, a log or the screen: one line, at most 300 characters, control
 * and direction-changing characters gone, and anything shaped like a token (24 or more characters of one
 * unbroken base64url, dots included, with a digit in it) replaced, since some servers echo what they were sent.
 */
export function safeText(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined;
  const oneLine = text
    .slice(0, 4 * longest)
    .replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]+/g, ' ')
    .replace(/[\w.~+/=-]{24,}/g, (run) => (/\d/.test(run) && !run.includes('//') ? '…' : run))
    .trim();
  if (oneLine === '') return undefined;
  return oneLine.length > longest ? `${oneLine.slice(0, longest - 1)}…` : oneLine;
}

/** An id that a server gives for its support, or undefined for what is none: too long for one, as every token is. */
export function safeId(text: unknown): string | undefined {
  return typeof text === 'string' && /^[\w.:@-]{1,40}$/.test(text) ? text : undefined;
}
