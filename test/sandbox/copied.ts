import type { Chain } from './chain.ts';
import { awsProfile, cloudDomain, cloudVerificationToken, kiroRegion } from './cloud.ts';

/** The correct values that an administrator copies for a guide, by input name. */
export function copiedFor(chain: Chain, guide: 'kiro' | 'identityCenter'): Copied {
  const { okta, identityCenter, people, groups } = chain.describe();
  const { federated, protectedUrl } = identityCenter;
  const both = {
    scimEndpoint: federated.scim.endpoint,
    scimToken: federated.scim.token,
    userName: people[0]?.username ?? '',
    groupName: groups[0]?.displayName ?? '',
    oktaApiToken: chain.okta.management.token,
    kiroRegion,
  };
  if (guide === 'kiro') {
    const { issuer, clientId } = okta;
    const domain = { domain: cloudDomain, verificationToken: cloudVerificationToken };
    return { issuer, clientId, ...both, ...domain, serviceUrl: okta.protectedUrl };
  }
  const { startUrl, region, saml } = federated;
  return {
    startUrl,
    region,
    metadataXml: okta.saml.metadataXml,
    acsUrl: saml.acsUrl,
    samlIssuerUrl: saml.issuerUrl,
    ...both,
    awsProfile,
    serviceUrl: protectedUrl,
  };
}

/** Omits inputs that the guide does not ask for. */
export type Copied = Readonly<
  Partial<
    Record<
      | 'issuer'
      | 'clientId'
      | 'startUrl'
      | 'region'
      | 'metadataXml'
      | 'acsUrl'
      | 'samlIssuerUrl'
      | 'scimEndpoint'
      | 'scimToken'
      | 'userName'
      | 'groupName'
      | 'oktaApiToken'
      | 'kiroRegion'
      | 'domain'
      | 'verificationToken'
      | 'awsProfile'
      | 'serviceUrl',
      string
    >
  >
>;
