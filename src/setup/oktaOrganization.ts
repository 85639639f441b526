import { parseIssuer } from '../input/issuer.ts';
import { isOktaOrganization } from '../core/oidc/oktaDomains.ts';
import { isLoopbackUrl } from '../core/text/webAddress.ts';
import type { SetupInputs } from './setupPorts.ts';

/**
 * The organization's own address at Okta (or on this machine): of the issuer, or of the sign-on URL in the saved metadata.
 * Undefined for any other host: a credential of an administrator goes nowhere else.
 */
export function organizationOf({ okta, metadataXml = '' }: SetupInputs): URL | undefined {
  const signOnUrl = /https?:\/\/[\w.:[\]-]{1,200}\/app\/[\w-]{1,100}\/exk\w{1,60}\/sso\/saml/.exec(
    withoutComments(metadataXml),
  )?.[0];
  const url = URL.parse(okta === undefined ? (signOnUrl ?? '') : issuerOf(okta.issuer));
  if (url === null) return undefined;
  const isOrganization = url.protocol === 'https:' && url.port === '' && isOktaOrganization(url.hostname);
  return isOrganization || isLoopbackUrl(url) ? url : undefined;
}

/** An address in a comment is not part of the metadata: a credential does not go there. */
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
