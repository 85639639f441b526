import { shownAddress } from '../core/text/webAddress.ts';

/** The target of a redirect, without query and fragment; undefined for another response. */
export function redirectIn({ status, headers }: Response): string | undefined {
  const location = headers.get('location');
  if (status < 300 || status >= 400 || location === null) return undefined;
  return shownAddress(location.replace(/[?#].*/s, '')).slice(0, 300);
}
