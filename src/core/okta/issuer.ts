import { SignInError } from '../errors.ts';
import { cleanPasted, firstInvisible } from '../pastedText.ts';
import { isLoopbackUrl, withoutUserInfo } from '../webAddress.ts';
import { issuerHost, issuerPath } from './issuerForms.ts';

/** No issuer comes near it, nor the address of a page that means one. */
const longest = 5000;

/**
 * The issuer in any form an administrator may have it: with a label, quotes, brackets or invisible characters around
 * it, with or without its scheme, as the address of its metadata (OpenID Connect Discovery 1.0, 4; RFC 8414, 3), of one
 * of Okta's endpoints, or of its page in the Okta Admin Console. Returns it over https (http only on this machine),
 * without query, fragment or trailing slash.
 *
 * @throws SignInError `invalidInput` with `reason` one of `empty`, `notUrl`, `notHttps`, `userInfo`, `character` (an
 * invisible one in its middle)
 */
export function parseIssuer(text: string): string {
  if (text.length > longest) throw invalid(text, 'notUrl');
  const given = withoutLabel(cleanPasted(text));
  if (given === '') throw invalid(text, 'empty');
  throwIfInvisible(text, given);
  const url = URL.parse(withScheme(given));
  if (url === null || /\s/.test(given)) throw invalid(text, 'notUrl');
  url.hostname = issuerHost(url.hostname);
  const labels = url.hostname.split('.');
  if (labels.includes('') || !(labels.length > 1 || isLoopbackUrl(url))) throw invalid(text, 'notUrl');
  if (url.protocol === 'http:' && !isLoopbackUrl(url)) url.protocol = 'https:';
  if (url.protocol !== 'https:' && !isLoopbackUrl(url)) throw invalid(text, 'notHttps');
  if (url.username !== '' || url.password !== '') throw invalid(text, 'userInfo');
  const normal = `${url.origin}${issuerPath(visiblePath(text, url.pathname))}`;
  // What ends a sentence may be at the end only once a query, a fragment or a slash is gone.
  return normal === text ? normal : parseIssuer(normal);
}

/**
 * A client ID as an administrator copies it.
 * @throws SignInError `invalidInput` with `reason` `empty`, `spaces`, `character` (an invisible one in its middle) or
 * `notClientId` (RFC 6749, appendix A.1)
 */
export function parseClientId(text: string): string {
  const given = cleanPasted(text).replace(/^client[ _-]?id\s*[:=]\s*["'\u201c]?/i, '');
  if (given === '') throw invalid(text, 'empty', 'clientId');
  throwIfInvisible(text, given, 'clientId');
  if (/\s/.test(given)) throw invalid(text, 'spaces', 'clientId');
  if (!/^[\x21-\x7e]{1,200}$/.test(given) || given.includes('://'))
    throw invalid(text, 'notClientId', 'clientId');
  return given;
}

/** `Issuer URI: https://…` and `issuer = https://…` are the address behind the label. */
function withoutLabel(text: string): string {
  const start = text.search(/https?:\/\//i);
  const isLabelled = start > 0 && /^[^/?#]*[\s:=("'\u201c]$/.test(text.slice(0, start));
  return isLabelled ? cleanPasted(text.slice(start)) : text;
}

function withScheme(text: string): string {
  return /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `https://${text.replace(/^\/\//, '')}`;
}

/** A browser writes an invisible character in a path as `%E2%80%8B`: at its end it goes, in its middle it is named. */
function visiblePath(text: string, path: string): string {
  const clean = path.replace(/(?:%E2%80%8[B-F]|%E2%81%A0|%EF%BB%BF|%C2%A0|%C2%AD|%20)+\/*$/i, '');
  let decoded: string;
  try {
    decoded = decodeURIComponent(clean);
  } catch {
    return clean; // A path that is not UTF-8 is the server's own matter.
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
    ...(character === undefined ? {} : { character }),
  });
}
