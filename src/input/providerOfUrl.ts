import type { Connection } from '../core/connection/connection.ts';
import { isOktaHost } from '../core/oidc/oktaDomains.ts';
import { pastedAddress } from './pastedAddress.ts';
import { parseStartUrl } from './startUrl.ts';

/** Domains of other identity providers, which serve neither a start URL nor an Okta issuer. */
const otherProviders =
  /(?:\.(?:microsoftonline\.(?:com|us|cn)|(?:google|auth0|onelogin|b2clogin|ciamlogin|amazoncognito)\.com|pingone\.(?:com|eu|ca|asia|sg|com\.au))|^(?:sts\.windows\.net|cognito-idp\..+))$/;

/** The type of connection that a pasted address shows; undefined for one that may be of any type. */
export function providerOfUrl(text: string): Connection['type'] | undefined {
  const given = pastedAddress(text);
  const host = URL.parse(given.includes('://') ? given : `https://${given}`)?.hostname ?? '';
  if (isOktaHost(host)) return 'okta';
  if (otherProviders.test(host)) return 'oidc';
  try {
    return parseStartUrl(text).partition && 'identityCenter';
  } catch {
    return undefined;
  }
}
