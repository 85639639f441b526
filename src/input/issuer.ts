import { SignInError } from '../core/oauth/errors.ts';
import { pastedAddress, plainLetters, withoutEncodedSpace } from './pastedAddress.ts';
import { cleanPasted, firstInvisible } from './pastedText.ts';
import { isLoopbackUrl, withoutUserInfo } from '../core/text/webAddress.ts';
import { clientIdIn, issuerHost, issuerPath, pathOf } from './issuerForms.ts';
import { defined } from '../core/defined.ts';

/** Longer than any issuer or the address of a page that contains one. */
const longest = 5000;

/**
 * Parses an issuer in any form an administrator may have it: with a label, quotes, brackets or invisible
 * characters, with or without its scheme, or as the address of its metadata (OpenID Connect Discovery 1.0, 4;
 * RFC 8414, 3), of an Okta endpoint, or of its page in the Okta Admin Console. Returns it over https (http only
 * for this machine), without query, fragment or trailing slash.
 * @throws SignInError `invalidInput` with `reason` one of `empty`, `notUrl`, `notHttps`, `userInfo`,
 * `character` (an invisible one in its middle)
 */
export function parseIssuer(text: string): string {
  if (text.length > longest) throw invalid(text, 'notUrl');
  const given = pastedAddress(text);
  if (given === '') throw invalid(text, 'empty');
  throwIfInvisible(text, given);
  const url = URL.parse(withScheme(given));
  if (url === null || /\s/.test(given)) throw invalid(text, 'notUrl');
  url.hostname = issuerHost(url.hostname);
  if (!isHost(url, /^https?:\/\//i.test(given))) throw invalid(text, 'notUrl');
  if (url.protocol === 'http:' && !isLoopbackUrl(url)) {
    // A port that answers http does not speak TLS.
    if (url.port !== '') throw invalid(text, 'notHttps');
    url.protocol = 'https:';
  }
  if (url.protocol !== 'https:' && !isLoopbackUrl(url)) throw invalid(text, 'notHttps');
  if (url.username !== '' || url.password !== '')
    throw invalid(text, given.includes('://') ? 'userInfo' : 'notUrl'); // An email address has no scheme.
  const normal = `${url.origin}${issuerPath(visiblePath(text, pathOf(url)), url.hostname)}`;
  // Removing a query, fragment or slash can expose trailing punctuation.
  return normal === text ? normal : parseIssuer(normal);
}

/**
 * Whether a host can be an issuer's: a domain, this machine, an IPv6 address, or an intranet or container name,
 * which differs from a typed word by its scheme and what follows.
 */
function isHost(url: URL, hasScheme: boolean): boolean {
  const labels = url.hostname.split('.');
  if (labels.includes('') || isPlaceholder(url)) return false;
  const isInternal = hasScheme && (url.port !== '' || url.pathname !== '/');
  return labels.length > 1 || isLoopbackUrl(url) || url.hostname.startsWith('[') || isInternal;
}

/** Whether an address is a placeholder from a vendor's documentation: `https://{yourOktaDomain}/oauth2/default`. */
function isPlaceholder({ hostname, pathname }: URL): boolean {
  return /[^\w.:[\]-]/.test(hostname) || /[{}<>]|%(?:7B|7D|3C|3E)/i.test(pathname);
}

/** The label of a client ID in a console, a configuration file or JSON. */
const clientIdLabel =
  /^[\s{]*client[ _-]?id["'\u201d\u2019]?(?:\s{0,20}[:=]\s{0,20}|\s{1,20})["'\u201c\u2018]?/i;
/** Full-width letters of an input method; look-alike hyphens are rejected, since an ID must not be guessed. */
const fullWidth = /[\uff01-\uff5e]/g;

/**
 * Parses a client ID as an administrator copies it: with its label, or in the address of the application's page
 * in the Okta Admin Console, of its tile, or of an authorization request.
 * @throws SignInError `invalidInput` with `reason` `empty`, `character` (an invisible one in its middle) or
 * `notClientId` (RFC 6749, appendix A.1)
 */
export function parseClientId(text: string): string {
  if (text.length > longest) throw invalid(text, 'notClientId', 'clientId');
  const bare = cleanPasted(text).replace(fullWidth, plainLetters);
  const given = clientIdIn(bare) ?? cleanPasted(bare.replace(clientIdLabel, ''));
  if (given === '') throw invalid(text, 'empty', 'clientId');
  throwIfInvisible(text, given, 'clientId');
  if (!/^[\x21\x23-\x7e]{1,200}$/.test(given) || given.includes('://'))
    throw invalid(text, 'notClientId', 'clientId');
  return given;
}

function withScheme(text: string): string {
  return /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `https://${text.replace(/^\/\//, '')}`;
}

/** Removes trailing invisible characters (such as `%E2%80%8B`) from a path; throws for one in the middle. */
function visiblePath(text: string, path: string): string {
  const clean = withoutEncodedSpace(path);
  let decoded: string;
  try {
    decoded = decodeURIComponent(clean);
  } catch {
    return clean; // A path that is not UTF-8 is left to the server.
  }
  throwIfInvisible(text, decoded);
  return clean;
}

function throwIfInvisible(text: string, given: string, operation?: string): void {
  const character = firstInvisible(given);
  if (character !== undefined) throw invalid(text, 'character', operation, character);
}

function invalid(input: string, reason: string, operation = 'issuer', character?: string): SignInError {
  return new SignInError('invalidInput', {
    operation,
    input: withoutUserInfo(input.slice(0, 1000)).slice(0, 200),
    reason,
    ...defined({ character }),
  });
}
