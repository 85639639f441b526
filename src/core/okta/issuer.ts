import { SignInError } from '../errors.ts';
import { isLoopbackUrl, withoutUserInfo } from '../webAddress.ts';

const wellKnown = /\/\.well-known\/(?:oauth-authorization-server|openid-configuration)\/?$/;

/**
 * The issuer in any form an administrator may paste: the issuer itself, Okta's *Metadata URI* (ending in
 * `/.well-known/oauth-authorization-server`), or that with `/.well-known/openid-configuration` behind it
 * (PROTOCOL.md, 2). Returns it without a trailing slash.
 *
 * @throws SignInError `invalidInput` with `reason` one of `empty`, `notUrl`, `notHttps`, `userInfo`, `queryOrFragment`
 */
export function parseIssuer(text: string): string {
  const trimmed = text.trim().replace(/^<(.*)>$/, '$1');
  if (trimmed === '') throw invalid(text, 'empty');
  const withScheme = /^[a-z][a-z\d+.-]*:\/\//i.test(trimmed) ? trimmed : `https://${trimmed}`;
  const url = URL.parse(withScheme);
  if (url === null || /\s/.test(trimmed)) throw invalid(text, 'notUrl');
  // A name with a dot at its end is the same host (RFC 3986, 3.2.2), and would be compared as another.
  url.hostname = url.hostname.replace(/\.$/, '');
  const labels = url.hostname.split('.');
  if (labels.includes('') || !(labels.length > 1 || isLoopbackUrl(url))) throw invalid(text, 'notUrl');
  if (url.protocol !== 'https:' && !isLoopbackUrl(url)) throw invalid(text, 'notHttps');
  if (url.username !== '' || url.password !== '') throw invalid(text, 'userInfo');
  if (url.search !== '' || url.hash !== '') throw invalid(text, 'queryOrFragment');
  let path = url.pathname.replace(/\/+$/, '');
  while (wellKnown.test(path)) path = path.replace(wellKnown, '').replace(/\/+$/, '');
  return `${url.origin}${path}`;
}

/**
 * A client id as an administrator copies it.
 * @throws SignInError `invalidInput` with `reason` `empty`, `spaces` or `notClientId` (RFC 6749, appendix A.1)
 */
export function parseClientId(text: string): string {
  const trimmed = text.trim();
  if (trimmed === '') throw invalid(text, 'empty', 'clientId');
  if (/\s/.test(trimmed)) throw invalid(text, 'spaces', 'clientId');
  if (!/^[\x21-\x7e]{1,200}$/.test(trimmed) || trimmed.includes('://'))
    throw invalid(text, 'notClientId', 'clientId');
  return trimmed;
}

function invalid(input: string, reason: string, operation = 'issuer'): SignInError {
  return new SignInError('invalidInput', { operation, input: withoutUserInfo(input).slice(0, 200), reason });
}
