import { providerOf } from '../core/providers/index.ts';
import type { Session } from '../core/session/session.ts';

const removed = '[removed]';

/** What makes a text fit for other people's eyes. */
export interface RedactionInput {
  /** Whatever is in here is removed, wherever it stands. */
  readonly secrets: readonly string[];
  /** The home folder: shown as `~`. */
  readonly home: string;
}

/** The secrets of a session, each as it could stand in a text. */
export function secretsOf(session: Session): readonly string[] {
  const { accessToken, refreshToken, idToken } = session.tokenSet;
  const secrets = [
    accessToken,
    ...(refreshToken === undefined ? [] : [refreshToken]),
    ...(idToken === undefined ? [] : [idToken]),
    ...providerOf(session).secretsOf(session),
  ];
  return secrets.flatMap((secret) => [secret, encodeURIComponent(secret)]);
}

/**
 * A text for other people's eyes. Its author leaves secrets out already; this is the second wall: known secrets,
 * what is shaped or named like one, user names in addresses, and the name of the home folder.
 */
export function redact(text: string, { secrets, home }: RedactionInput): string {
  // The longest first: one may be a part of another.
  const known = [...new Set(secrets)].filter((secret) => secret.length >= 4);
  known.sort((one, other) => other.length - one.length);
  let shown = text;
  for (const secret of known) shown = shown.replaceAll(secret, removed);
  shown = shown
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

// None of these takes a backtick: that may be the end of code in a report. Each begins where nothing of its own kind stands before it, or ends where it began: so none of them reads a
// text twice, however long it is.

/** What stands before the `@` of an address without a scheme. */
const beforeAt = /(?<![^\s/?#@"'`])[^\s/?#@"'`:]+:[^\s/?#@"'`]+@(?=[\w[.-])/g;

/** `user:password@host` as `host`; a login such as `ana@example.com` stays. */
function withoutPassword(text: string): string {
  const colon = /[^:=](?=:.)/.exec(text)?.index;
  return colon === undefined ? text : text.slice(0, text.lastIndexOf('=', colon) + 1);
}

/** An authorization code has digits in it; `code=invalid_grant` and `code=ECONNREFUSED` are what support needs. */
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
  // Longer than any client ID or request ID that is shown here.
  [/(?<![\w+=~-])(?=[\w+=~-]*\d)[\w+=~-]{48,}/g, removed],
];
