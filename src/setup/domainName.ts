import { cleanPasted, firstInvisible } from '../input/pastedText.ts';

/** A host name (RFC 1123, 2.1), with underscores for service records. */
const domainForm = /^(?=.{1,253}$)(?:[\da-z_](?:[\da-z_-]{0,61}[\da-z])?\.)+[a-z][\da-z-]{0,61}[\da-z]$/i;

/** Whether a name is valid in the DNS. */
export function isDomain(name: string): boolean {
  return domainForm.test(name);
}

/**
 * Parses a domain into its ASCII name (RFC 5891), as users have it: in any language or case, with a scheme,
 * path or port, a trailing dot, or as part of an email address; undefined if it is invalid.
 */
export function readDomain(text: string): string | undefined {
  const host = cleanPasted(text)
    .slice(0, 500)
    .replace(/^[a-z][a-z\d+.-]{0,20}:\/\//i, '')
    .replace(/\/.*$/s, '')
    .replace(/^.*@/s, '')
    .replace(/:\d{1,5}$/, '')
    .replace(/\.$/, '');
  if (/[\s?#]/.test(host) || firstInvisible(host) !== undefined) return undefined;
  const name = URL.parse(`http://${host}`)?.hostname.replace(/\.$/, '') ?? '';
  return isDomain(name) ? name : undefined;
}
