import { shownAddress } from '../core/text/webAddress.ts';

/** Where an answer leads, without query and fragment; undefined for one that is not a redirect. */
export function redirectIn({ status, headers }: Response): string | undefined {
  const location = headers.get('location');
  if (status < 300 || status >= 400 || location === null) return undefined;
  return shownAddress(location.replace(/[?#].*/s, '')).slice(0, 300);
}
