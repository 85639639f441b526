import { defined } from '../defined.ts';
import { nameOfStartUrl, parseStartUrl } from '../identityCenter/startUrl.ts';
import { parseIssuer } from '../oidc/issuer.ts';
import type { FieldKind } from '../connection/connectionFields.ts';

/** What an address says of its connection. */
export interface ReadAddress {
  /** In its normal form. */
  readonly url: string;
  /** A name for the connection, where it has no other. */
  readonly name: string;
  /** Where the address names it, that is the truth. */
  readonly region?: string;
}

/**
 * Reads the address of a connection in whatever form it has it.
 * @param region where a bare ID of a start URL may be
 * @throws SignInError `invalidInput`
 */
export function readAddress(kind: FieldKind, text: string, region?: string): ReadAddress {
  if (kind === 'startUrl') {
    const startUrl = parseStartUrl(text, region);
    return { url: startUrl.url, name: nameOfStartUrl(startUrl), ...defined({ region: startUrl.region }) };
  }
  const url = parseIssuer(text);
  return { url, name: named(new URL(url).hostname) };
}

/** As long as the name of a connection may be. */
function named(text: string): string {
  return text.slice(0, 100);
}
