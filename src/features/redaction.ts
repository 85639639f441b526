import { providerOf } from '../core/providers/index.ts';
import type { Session } from '../core/session/session.ts';
import { createSecretFilter } from '../output/withoutSecrets.ts';

const removed = '[removed]';

/** The secrets and paths to remove from a text. */
export interface RedactionInput {
  /** Removed wherever they occur, in any common encoding. */
  readonly secrets: readonly string[];
  /** The home folder, displayed as `~`. */
  readonly home: string;
}

/** The secrets of a session. */
export function secretsOf(session: Session): readonly string[] {
  const { accessToken, refreshToken, idToken } = session.tokenSet;
  return [
    accessToken,
    ...(refreshToken === undefined ? [] : [refreshToken]),
    ...(idToken === undefined ? [] : [idToken]),
    ...providerOf(session).secretsOf(session),
  ];
}

/**
 * A text that is safe to share. Its author already leaves secrets out; this is the second line of defense
 * against known secrets, text that looks like or is named as one, user names in addresses, and the home folder.
 */
export function redact(text: string, { secrets, home }: RedactionInput): string {
  // Longest first, since one may be part of another.
  const known = [...new Set(secrets)].sort((one, other) => other.length - one.length);
  // Between backticks and line ends, so that no part that goes can be the end of code in a report.
  let shown = text
    .replace(/[^`\n]+/g, createSecretFilter(known))
    .replace(/(:\/\/)[^\s/?#@`]*@/g, '$1')
    .replace(beforeAt, withoutPassword)
    .replace(coded, withoutCode);
  for (const [pattern, replacement] of patterns) shown = shown.replace(pattern, replacement);
  for (const one of home.length < 2 ? [] : [home, home.replaceAll('\\', '\\\\'), home.replaceAll('\\', '/')])
    shown = shown.replaceAll(one, '~');
  return shown;
}

const named =
  'access_?token|refresh_?token|id_?token|client_?secret|code_?verifier|device_?code|password|passwd|assertion|authorization|secret';

// No pattern matches a backtick, which may end code in a report. Each is anchored so that it scans a text
// only once, however long it is.

/** User information before the `@` of an address without a scheme. */
const beforeAt = /(?<![^\s/?#@"'`])[^\s/?#@"'`:]+:[^\s/?#@"'`]+@(?=[\w[.-])/g;

/** Reduces `user:password@host` to `host`; preserves a login such as `ana@example.com`. */
function withoutPassword(text: string): string {
  const colon = /[^:=](?=:.)/.exec(text)?.index;
  return colon === undefined ? text : text.slice(0, text.lastIndexOf('=', colon) + 1);
}

/** An authorization code contains digits; `code=invalid_grant` and `code=ECONNREFUSED` are useful to support. */
const coded = /\b(code|token|state|nonce)(["'\\]*\s*[=:]\s*["'\\]*)([^\s"'`&,;]{6,})/gi;

function withoutCode(text: string, name: string, between: string, value: string): string {
  return /\d/.test(value) ? `${name}${between}${removed}` : text;
}

const patterns: readonly (readonly [RegExp, string])[] = [
  [/\b(bearer|basic)\s+[\w.~+/=-]{6,}/gi, `$1 ${removed}`],
  [
    new RegExp(`\\b(${named})(["'\\\\]*\\s*[=:]\\s*["'\\\\]*)(?!\\[removed\\])[^\\s"'\`\\\\&,;]+`, 'gi'),
    `$1$2${removed}`,
  ],
  // JSON Web Tokens (RFC 7519), and the tokens of Identity Center.
  [/(?<![\w-])eyJ[\w-]{4,}(?:\.[\w-]*){1,4}/g, removed],
  [/\bao[ar]A{3}[\w+/=:.-]+/g, removed],
  // Longer than any client ID or request ID in a report.
  [/(?<![\w+=~-])(?=[\w+=~-]*\d)[\w+=~-]{48,}/g, removed],
];
