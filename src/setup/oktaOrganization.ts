import { parseIssuer } from '../input/issuer.ts';
import { isOktaOrganization } from '../core/oidc/oktaDomains.ts';
import { isLoopbackUrl } from '../core/text/webAddress.ts';
import type { SetupInputs } from './setupPorts.ts';

/**
 * The organization's own address at Okta (or on this machine), from the issuer or from the sign-on URL in the
 * saved metadata. Undefined for any other host: an administrator's credential is never sent there.
 */
export function organizationOf({ oktaClient: okta, metadataXml = '' }: SetupInputs): URL | undefined {
  const signOnUrl = /https?:\/\/[\w.:[\]-]{1,200}\/app\/[\w-]{1,100}\/exk\w{1,60}\/sso\/saml/.exec(
    withoutComments(metadataXml),
  )?.[0];
  const url = URL.parse(okta === undefined ? (signOnUrl ?? '') : issuerOf(okta.issuer));
  if (url === null) return undefined;
  const isOrganization = url.protocol === 'https:' && url.port === '' && isOktaOrganization(url.hostname);
  return isOrganization || isLoopbackUrl(url) ? url : undefined;
}

/** Removes comments: an address in one must not receive a credential. */
function withoutComments(xml: string): string {
  return xml
    .split('<!--')
    .map((part, index) => (index === 0 ? part : part.split('-->').slice(1).join('-->')))
    .join('');
}

function issuerOf(text: string): string {
  try {
    return parseIssuer(text);
  } catch {
    return '';
  }
}
