/** Maximum length in UTF-16 units, longer than any displayed text; the rest is cut off. */
const longest = 100_000;
/** Number of letters and digits per lookup; 36 to this power is a safe integer. */
const gramLength = 8;
/** Minimum length of a matching part: a secret may begin with an ordinary word. */
const shortestPart = 16;
const hidden = '…';

/**
 * Removes secrets from a text in every common encoding: percent-encoded once or several times, with HTML
 * entities or JSON escapes, in Base64 or hexadecimal, wrapped, spaced out, or in part. Compares only letters
 * and digits, ignoring other characters between them. Linear in both.
 */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return createSecretFilter(secrets)(text);
}

/** Creates {@link withoutSecrets} for several texts with the same secrets. */
export function createSecretFilter(secrets: readonly string[]): (text: string) => string {
  const known = secrets.filter((secret) => secret.length >= 4);
  const plain = known.flatMap((secret) => [secret, encodeURIComponent(secret)]);
  const grams = known.length === 0 ? undefined : gramsOf(known.flatMap(encodingsOf));
  return (text) => {
    const read = text.slice(0, longest);
    const whole = plain.reduce((shown, coat) => shown.replaceAll(coat, hidden), read);
    const shown = grams === undefined ? whole : withoutGrams(whole, grams);
    return text.length > longest ? `${shown}${hidden}` : shown;
  };
}

/** A secret's letters and digits, plain and in each encoding. */
function encodingsOf(secret: string): readonly string[] {
  const bytes = new TextEncoder().encode(secret);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  // Its offset in a longer text gives three variants; their edges share letters with the neighboring text.
  const base64 = ['', ' ', '  '].map((before) => btoa(before + String.fromCharCode(...bytes)).slice(4, -4));
  return [secret, hex, ...base64].map((coat) => coat.replace(/[^a-z\d]/gi, '').toLowerCase());
}

/** The runs of letters and digits to look up, and the minimum length of a match. */
interface Grams {
  readonly grams: ReadonlySet<number>;
  readonly shortest: number;
}

function gramsOf(coats: readonly string[]): Grams {
  const grams = new Set<number>();
  let shortest = shortestPart;
  for (const coat of coats) {
    if (coat.length < gramLength) continue;
    shortest = Math.min(shortest, coat.length);
    eachGram(
      coat.length,
      (index) => coat.charCodeAt(index),
      (gram) => grams.add(gram),
    );
  }
  return { grams, shortest };
}

function withoutGrams(text: string, { grams, shortest }: Grams): string {
  const { letters, starts, ends, count } = lettersOf(text);
  const parts: { from: number; to: number }[] = [];
  eachGram(
    count,
    (index) => letters[index] ?? 0,
    (gram, last) => {
      if (!grams.has(gram)) return;
      const from = last - gramLength + 1;
      const part = parts.at(-1);
      if (part === undefined || from > part.to + 1) parts.push({ from, to: last });
      else part.to = last;
    },
  );
  let done = 0;
  let shown = '';
  for (const { from, to } of parts.filter((part) => part.to - part.from + 1 >= shortest)) {
    shown += text.slice(done, starts[from]) + hidden;
    done = ends[to] ?? done;
  }
  return shown + text.slice(done);
}

/** Calls back for each run of letters and digits of the lookup length: its value, and the position of its end. */
function eachGram(
  count: number,
  letterAt: (index: number) => number,
  take: (gram: number, last: number) => void,
): void {
  const modulus = 36 ** gramLength;
  let gram = 0;
  for (let index = 0; index < count; index++) {
    gram = (gram * 36 + digitOf(letterAt(index))) % modulus;
    if (index >= gramLength - 1) take(gram, index);
  }
}

function digitOf(letter: number): number {
  return letter < 58 ? letter - 48 : letter - 87;
}

/** A one-character escape: percent-encoding, an HTML entity, or JSON's; also one that is escaped itself. */
const escape =
  /%(?:25)*([\da-f]{2})|&(?:amp;)*#(?:x0*([\da-f]{1,6})|0*(\d{1,7}));|\\{1,8}(?:(?:u00|x)([\da-f]{2})|[nrtbf"/])|&(?:amp;)*[a-z]{2,8};/giy;

/** The letters and digits of a text in lower case, with their positions. */
function lettersOf(text: string) {
  const letters = new Uint8Array(text.length);
  const starts = new Int32Array(text.length);
  const ends = new Int32Array(text.length);
  let count = 0;
  for (let index = 0; index < text.length;) {
    const start = index;
    let code = text.charCodeAt(index++);
    if (code === 37 || code === 38 || code === 92) {
      escape.lastIndex = start;
      const found = escape.exec(text);
      if (found !== null) {
        index = start + found[0].length;
        const hex = found[1] ?? found[2] ?? found[4];
        code = hex === undefined ? Number(found[3] ?? 0) : parseInt(hex, 16);
      }
    }
    if (code >= 65 && code <= 90) code += 32;
    if (!((code >= 97 && code <= 122) || (code >= 48 && code <= 57))) continue;
    letters[count] = code;
    starts[count] = start;
    ends[count] = index;
    count++;
  }
  return { letters, starts, ends, count };
}
