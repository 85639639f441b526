import type { Session } from './session/session.ts';

const removed = '[removed]';

/** What a text is made fit for somebody else's eyes with. */
export interface RedactionFacts {
  /** Whatever is in here is removed, wherever it stands. */
  readonly secrets: readonly string[];
  /** The home folder: shown as `~`. */
  readonly home: string;
}

/** The secrets of a session, each as it could stand in a text. */
export function secretsOf(session: Session): readonly string[] {
  const { accessToken, refreshToken } = session.tokenSet;
  const secrets = [
    accessToken,
    ...(refreshToken === undefined ? [] : [refreshToken]),
    ...(session.type === 'identityCenter' ? [session.registration.clientSecret] : []),
  ];
  return secrets.flatMap((secret) => [secret, encodeURIComponent(secret)]);
}

/**
 * A text for somebody else's eyes. Whoever writes it leaves secrets out by itself; this is the second wall: known secrets,
 * what is shaped or named like one, user names in addresses, and the name of the home folder.
 */
export function redact(text: string, { secrets, home }: RedactionFacts): string {
  // The longest first: one may be a part of another.
  const known = [...new Set(secrets)].filter((secret) => secret.length >= 4);
  known.sort((one, other) => other.length - one.length);
  let shown = text;
  for (const secret of known) shown = shown.replaceAll(secret, removed);
  for (const [pattern, replacement] of patterns) shown = shown.replace(pattern, replacement);
  for (const one of home.length < 2 ? [] : [home, home.replaceAll('\\', '\\\\'), home.replaceAll('\\', '/')])
    shown = shown.replaceAll(one, '~');
  return shown;
}

const named =
  'access_?token|refresh_?token|id_?token|client_?secret|code_?verifier|device_?code|password|passwd|assertion|authorization|secret';

const patterns: readonly (readonly [RegExp, string])[] = [
  // User information of an address (RFC 3986, 3.2.1).
  [/([a-z][a-z\d+.-]*:\/\/)[^\s/?#@]*@/gi, '$1'],
  [/[^\s/?#@:"'=]+:[^\s/?#@"']+@(?=[\w[.-])/g, ''],
  [/\b(bearer|basic)\s+[\w.~+/=-]{6,}/gi, `$1 ${removed}`],
  [
    new RegExp(`\\b(${named})(["'\\\\]*\\s*[=:]\\s*["'\\\\]*)(?!\\[removed\\])[^\\s"'\\\\&,;]+`, 'gi'),
    `$1$2${removed}`,
  ],
  // An authorization code has digits in it; `code=invalid_grant` and `code=ECONNREFUSED` are what support needs.
  [/\b(code|token|state|nonce)(["'\\]*\s*[=:]\s*["'\\]*)(?=[^\s"'&,;]*\d)[^\s"'&,;]{6,}/gi, `$1$2${removed}`],
  // JSON Web Tokens (RFC 7519), and the tokens of Identity Center.
  [/\beyJ[\w-]{4,}(?:\.[\w-]*){1,4}/g, removed],
  [/\bao[ar]A{3}[\w+/=:.-]+/g, removed],
  // Longer than any client id or request id that is shown here.
  [/(?<![\w+=~-])(?=[\w+=~-]*\d)[\w+=~-]{48,}/g, removed],
];
