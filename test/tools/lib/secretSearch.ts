import { probeStatePrefix } from '../../../src/core/oidc/redirectUri.ts';

/** What is looked for: a secret under the name to report it by. */
export interface NamedSecret {
  readonly name: string;
  readonly value: string;
}

/** Looks for secrets, whole or in part, as they are and encoded. */
export interface SecretSearch {
  /** The names of those that stand in a text or in a file's bytes; never the secrets themselves. */
  in(content: string | Uint8Array): readonly string[];
}

/** A piece of a secret that nothing else has; what leaks of it in a run of twice this length, less one, is found. */
const PIECE = 16;

/** The letters of secrets, of base64 and of percent-encoding. */
const WORD = /[\w+/=.~%-]{16,}/g;

/**
 * Prepares a search. A secret is found in plain text, percent-encoded, in hex, and in base64 and base64url at any of its
 * three alignments; in UTF-8 and UTF-16. A JSON Web Token's header is not secret: all tokens of a key have the same.
 */
export function createSecretSearch(secrets: readonly NamedSecret[]): SecretSearch {
  const pieces = new Map<string, string>();
  /** Too short for pieces; found whole and plain. */
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
  return {
    in: (content) => {
      const text = textOf(content);
      const found = new Set(words.filter(({ value }) => text.includes(value)).map(({ name }) => name));
      for (const [word] of text.matchAll(WORD)) {
        for (let start = 0; start + PIECE <= word.length; start += 1) {
          const name = pieces.get(word.slice(start, start + PIECE));
          if (name !== undefined) found.add(name);
        }
      }
      return [...found];
    },
  };
}

/** The beginning by which a request of a check is recognized is not secret, and stands in many places. */
function secretParts(value: string): readonly string[] {
  const token = /^eyJ[\w-]*\.([\w-]+)\.([\w-]+)$/.exec(value);
  const own = value.startsWith(probeStatePrefix) ? value.slice(probeStatePrefix.length) : value;
  return (token?.slice(1) ?? [own]).filter((part) => part.length >= PIECE);
}

function formsOf(part: string): readonly string[] {
  const encodings = ['base64', 'base64url'] as const;
  const inBase64 = encodings.flatMap((encoding) =>
    // What stands before it moves its letters; those at the ends depend on what is beside it.
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

/** Every letter of a secret is ASCII: without zeros, UTF-16 reads as UTF-8 does. */
function textOf(content: string | Uint8Array): string {
  if (typeof content === 'string') return content;
  return Buffer.from(content.filter((byte) => byte !== 0)).toString('latin1');
}
