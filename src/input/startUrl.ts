import { withoutUserInfo } from '../core/text/webAddress.ts';
import { SignInError } from '../core/oauth/errors.ts';
import { pastedAddress, withoutEncodedSpace } from './pastedAddress.ts';
import { cleanPasted, firstInvisible } from './pastedText.ts';
import { isAwsOwned, startUrlAt, startUrlOfId } from './startUrlForms.ts';
import type { StartUrl } from './startUrlForms.ts';
import { defined } from '../core/defined.ts';

export type { StartUrl };

/** Longer than any start URL or the address of a page that contains one. */
const longest = 5000;

/**
 * Parses a start URL in any form a user may paste: with a label, quotes, brackets or invisible characters, with
 * or without a scheme or a path, as a link into the portal, as the bare ID or ARN of an instance or directory,
 * or as the address of AWS's sign-in page or console. Does not resolve a custom start URL.
 * @param region the region if known; determines the partition of a bare ID
 * @throws SignInError `invalidInput` with `reason` one of `empty`, `notUrl`, `notHttps`, `userInfo`,
 * `character` (an invisible one in its middle) or `notStartUrl` (an AWS address in an unknown form)
 */
export function parseStartUrl(text: string, region?: string): StartUrl {
  if (text.length > longest) throw invalid(text, 'notUrl');
  const given = pastedAddress(text);
  if (given === '') throw invalid(text, 'empty');
  const character = firstInvisible(given);
  if (character !== undefined) throw invalid(text, 'character', character);
  const ofId = startUrlOfId(given, region);
  if (ofId !== undefined) return ofId;
  const url = URL.parse(withScheme(given));
  const host = url?.hostname.replace(/\.$/, '') ?? '';
  if (url === null || !/^[^.]+(\.[^.]+)+$/.test(host) || /\s/.test(given)) throw invalid(text, 'notUrl');
  if (url.protocol === 'http:') url.protocol = 'https:';
  if (url.protocol !== 'https:') throw invalid(text, 'notHttps');
  if (url.username !== '' || url.password !== '')
    throw invalid(text, given.includes('://') ? 'userInfo' : 'notUrl'); // An email address has no scheme.
  if (url.port !== '') throw invalid(text, 'notStartUrl');
  const path = url.pathname
    .split('/')
    .map(withoutEncodedSpace)
    .filter((part) => part !== '');
  const known = startUrlAt({ host, path, query: url.searchParams, fragment: url.hash });
  if (known !== undefined) return known;
  if (isAwsOwned(host)) throw invalid(text, 'notStartUrl');
  const tail = path.length === 0 ? '/' : `/${path.join('/')}`;
  const normal = `https://${host}${tail}`;
  // Removing slashes can expose trailing punctuation; the normal form must parse to itself.
  return cleanPasted(normal) === normal ? { url: normal, alias: host } : parseStartUrl(normal);
}

/** A default name for the connection: the alias that its organization chose, or a description with the ID or host. */
export function nameOfStartUrl({ alias }: Pick<StartUrl, 'alias'>): string {
  return isWord(alias) ? alias : `IAM Identity Center (${alias.slice(0, 75)})`;
}

function isWord(alias: string): boolean {
  return !/\.|^(?:d-[\da-z]{10}|ssoins-[\da-z]+)$/.test(alias);
}

/** A start URL's normal form; other text is returned unchanged. */
export function normalStartUrl(text: string): string {
  try {
    return parseStartUrl(text).url;
  } catch {
    return text;
  }
}

function withScheme(text: string): string {
  return /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `https://${text.replace(/^\/\//, '')}`;
}

function invalid(input: string, reason: string, character?: string): SignInError {
  return new SignInError('invalidInput', {
    operation: 'startUrl',
    input: withoutUserInfo(input).slice(0, 200),
    reason,
    ...defined({ character }),
  });
}
