import { XMLParser } from 'fast-xml-parser';

/** The parts of an identity provider's uploaded SAML 2.0 metadata that are used here. */
export interface IdpMetadata {
  readonly entityId: string;
  /** Sign-on URL of the HTTP-Redirect binding. */
  readonly signOnUrl: string;
  /** PEM; each is accepted as a signing certificate. */
  readonly certificates: readonly string[];
}

const REDIRECT = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect';

/**
 * Reads the `metadata.xml` that *Change identity source* accepts.
 * @throws {Error} if it is not an identity provider's metadata
 */
export function parseIdpMetadata(xml: string): IdpMetadata {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    removeNSPrefix: true,
    isArray: (name) => ['KeyDescriptor', 'SingleSignOnService', 'X509Certificate', 'X509Data'].includes(name),
  });
  const { EntityDescriptor: entity } = parser.parse(xml) as { EntityDescriptor?: XmlEntity };
  const provider = entity?.IDPSSODescriptor;
  const signOnUrl = provider?.SingleSignOnService?.find((service) => service['@Binding'] === REDIRECT)?.[
    '@Location'
  ];
  const certificates = provider?.KeyDescriptor?.filter(({ '@use': use }) => use !== 'encryption')
    .flatMap((key) => key.KeyInfo?.X509Data ?? [])
    .flatMap((data) => data.X509Certificate ?? []);
  if (!entity?.['@entityID'] || signOnUrl === undefined || !certificates?.length)
    throw new Error(
      'The metadata does not have an identity provider with a certificate and a sign-on URL for HTTP-Redirect.',
    );
  return {
    entityId: entity['@entityID'],
    signOnUrl,
    certificates: certificates.map(
      (bare) => `-----BEGIN CERTIFICATE-----\n${lines(bare)}\n-----END CERTIFICATE-----\n`,
    ),
  };
}

interface XmlEntity {
  readonly '@entityID'?: string;
  readonly IDPSSODescriptor?: {
    readonly KeyDescriptor?: readonly {
      readonly '@use'?: string;
      readonly KeyInfo?: { readonly X509Data?: readonly { readonly X509Certificate?: readonly string[] }[] };
    }[];
    readonly SingleSignOnService?: readonly { readonly '@Binding'?: string; readonly '@Location'?: string }[];
  };
}

function lines(base64: string): string {
  return (
    base64
      .replace(/\s/g, '')
      .match(/.{1,64}/g)
      ?.join('\n') ?? ''
  );
}
