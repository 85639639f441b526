import { isLoopbackUrl } from '../core/text/webAddress.ts';
import type { SamlMetadata } from './setupPorts.ts';

/** Okta's catalog key of *AWS IAM Identity Center*, as in its addresses. */
export const identityCenterApplication = 'amazon_aws_sso';

/** The application of Okta's metadata, as far as its addresses identify it. */
export interface OktaSamlApplication {
  /** `exk…`: the ID of its SAML settings; older applications have another prefix. */
  readonly id: string;
  /** The key in Okta's catalog, or the name that Okta derived from a custom application's label. */
  readonly key?: string;
  /** Address of the current metadata, which needs no credential. */
  readonly metadataUrl: string;
}

/** Parses a sign-on URL, `https://{org}/app/{key}/{exk…}/sso/saml`; undefined if it is not in Okta's form. */
export function applicationOf(signOnUrl: string): OktaSamlApplication | undefined {
  const url = URL.parse(signOnUrl);
  if (url === null || (url.protocol !== 'https:' && !isLoopbackUrl(url))) return undefined;
  const [, key, withKey, alone] =
    /^\/app\/(?:([\w-]{1,100})\/(\w{3,60})|(exk\w{1,60}))\/sso\/saml$/.exec(url.pathname) ?? [];
  const id = withKey ?? alone;
  if (id === undefined) return undefined;
  return {
    id,
    ...(key === undefined ? {} : { key }),
    metadataUrl: `${url.origin}/app/${id}/sso/saml/metadata`,
  };
}

/** The ID in Okta's entity ID, `http://www.okta.com/exk…` or `exk…` alone; undefined for another form. */
export function applicationIdIn(entityId: string | undefined): string | undefined {
  return /^(?:https?:\/\/www\.okta\.com\/(?=\w)|(?=exk))(\w{3,60})$/.exec(entityId ?? '')?.[1];
}

/** The application of the first sign-on URL in Okta's form. */
export function applicationIn({ signOn }: SamlMetadata): OktaSamlApplication | undefined {
  return signOn.map(({ url }) => applicationOf(url)).find((one) => one !== undefined);
}

/** Applications in Okta's catalog that are mistaken for *AWS IAM Identity Center*, by key. */
export const mistakenApplications: Readonly<Record<string, string>> = {
  amazon_aws: 'AWS Account Federation',
  amazonaws: 'AWS Account Federation',
  aws_clientvpn: 'AWS Client VPN',
  amazon_cognito: 'Amazon Cognito',
};

/** Other identity providers, by a part of their addresses. */
const otherProviders: readonly (readonly [name: string, form: RegExp])[] = [
  ['Google Workspace', /\/\/accounts\.google\.com\//],
  ['Microsoft Entra ID', /\/\/(?:login\.microsoftonline\.(?:com|us)|sts\.windows\.net)\//],
  ['OneLogin', /\/\/[\w.-]{1,200}\.onelogin\.com\//],
  ['Ping Identity', /\/\/[\w.-]{1,200}\.(?:pingone|pingidentity)\.\w{2,5}\//],
  ['JumpCloud', /\/\/[\w.-]{1,200}\.?jumpcloud\.com\//],
  ['Auth0', /\/\/[\w.-]{1,200}\.auth0\.com\//],
  ['AD FS', /\/adfs\/(?:ls|services)\//i],
  ['Keycloak', /\/realms\/[^/]{1,100}\/protocol\/saml/],
  ['Shibboleth', /\/idp\/(?:shibboleth$|profile\/(?:SAML2|Shibboleth)\/)/],
  ['SimpleSAMLphp', /\/saml2\/idp\/(?:metadata|SSOService)\.php/],
  ['OpenAM', /\/(?:SSOPOST|SSORedirect)\/metaAlias\//],
];

/** The name of the identity provider that issued metadata, if it is a known one other than Okta. */
export function otherProviderIn({ entityId = '', signOn }: SamlMetadata): string | undefined {
  const addresses = [entityId, ...signOn.map(({ url }) => url)];
  return otherProviders.find(([, form]) => addresses.some((address) => form.test(address)))?.[0];
}
