import { probeStatePrefix } from '../../../src/core/oidc/redirectUri.ts';

/** The secrets to search for, by the name to report. */
export interface NamedSecret {
  readonly name: string;
  readonly value: string;
}

/** Searches for secrets, complete or partial, plain or encoded. */
export interface SecretSearch {
  /** The names of the secrets found in a text or a file's bytes; never the secrets themselves. */
  in(content: string | Uint8Array): readonly string[];
}

/** Length of a unique piece of a secret; a leak of twice this length minus one is always found. */
const PIECE = 16;

/** Characters of secrets, base64 and percent-encoding. */
const WORD = /[\w+/=.~%-]{16,}/g;

/**
 * Prepares a search. Finds secrets in plain text, percent-encoding, hex, and base64 or base64url at any of the
 * three alignments, in UTF-8 and UTF-16. The header of a JSON Web Token is not secret: all tokens of a key share
 * it.
 */
export function createSecretSearch(secrets: readonly NamedSecret[]): SecretSearch {
  const pieces = new Map<string, string>();
  /** Secrets too short for pieces are found only complete and in plain text. */
  const words = secrets.filter(({ value }) => value.length < PIECE);
  for (const { name, value } of secrets) {
    for (const part of secretParts(value)) {
      for (const form of formsOf(part)) {
        for (let start = 0; start + PIECE <= form.length; start += PIECE)
          pieces.set(form.slice(start, start + PIECE), name);
        pieces.set(form.slice(-PIECE), name);
      }
    }
  }
  const beginnings = new Uint8Array(BEGINNINGS);
  for (const piece of pieces.keys()) beginnings[beginningAt(piece, 0)] = 1;
  return {
    in: (content) => {
      const text = textOf(content);
      const found = new Set(words.filter(({ value }) => text.includes(value)).map(({ name }) => name));
      for (const [word] of text.matchAll(WORD)) {
        for (let start = 0; start + PIECE <= word.length; start += 1) {
          if (beginnings[beginningAt(word, start)] === 0) continue;
          const name = pieces.get(word.slice(start, start + PIECE));
          if (name !== undefined) found.add(name);
        }
      }
      return [...found];
    },
  };
}

/** The number of values of {@link beginningAt}. */
const BEGINNINGS = 2 ** 16;

/** A hash of four characters: few places in a text begin as a piece does, so few are looked up. */
function beginningAt(text: string, start: number): number {
  let hash = 0;
  for (let index = start; index < start + 4; index += 1) hash = Math.imul(hash, 31) + text.charCodeAt(index);
  return hash & (BEGINNINGS - 1);
}

/** The prefix that identifies a check's requests is not secret and occurs in many places. */
function secretParts(value: string): readonly string[] {
  const token = /^eyJ[\w-]*\.([\w-]+)\.([\w-]+)$/.exec(value);
  const own = value.startsWith(probeStatePrefix) ? value.slice(probeStatePrefix.length) : value;
  return (token?.slice(1) ?? [own]).filter((part) => part.length >= PIECE);
}

function formsOf(part: string): readonly string[] {
  const encodings = ['base64', 'base64url'] as const;
  const inBase64 = encodings.flatMap((encoding) =>
    // Preceding bytes shift the base64 alignment; characters at the ends depend on their neighbors.
    ['', '-', '--'].map((before) =>
      Buffer.from(before + part)
        .toString(encoding)
        .replace(/=+$/, '')
        .slice(before === '' ? 0 : 4, -2),
    ),
  );
  return [part, encodeURIComponent(part), Buffer.from(part).toString('hex'), ...inBase64].filter(
    (form) => form.length >= PIECE,
  );
}

/** Secrets are ASCII, so UTF-16 without its zero bytes equals UTF-8. */
function textOf(content: string | Uint8Array): string {
  if (typeof content === 'string') return content;
  return Buffer.from(content.buffer, content.byteOffset, content.byteLength)
    .toString('latin1')
    .replaceAll('\0', '');
}
