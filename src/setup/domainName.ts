import { cleanPasted, firstInvisible } from '../core/text/pastedText.ts';

/** A host name (RFC 1123, 2.1), an underscore allowed where records for machines have one. */
const domainForm = /^(?=.{1,253}$)(?:[\da-z_](?:[\da-z_-]{0,61}[\da-z])?\.)+[a-z][\da-z-]{0,61}[\da-z]$/i;

/** Whether a name may stand in the DNS. */
export function isDomain(name: string): boolean {
  return domainForm.test(name);
}

/**
 * The name as the DNS knows it (ASCII, RFC 5891), from a domain as people have it: with letters of any language, in
 * capital letters, with a scheme, path or port, a trailing dot, or as the end of an e-mail address; undefined for none.
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
