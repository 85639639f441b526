import { bareCertificate } from '../../certificate.ts';

export const EMAIL_ADDRESS = 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress';
const UNSPECIFIED = 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified';
const PROTOCOL = 'urn:oasis:names:tc:SAML:2.0:protocol';
const BINDINGS = 'urn:oasis:names:tc:SAML:2.0:bindings';

interface SamlMetadata {
  readonly entityId: string;
  readonly signOnUrl: string;
  /** PEM. */
  readonly certificates: readonly string[];
}

/** The document behind *View IdP metadata*, with the same elements as Okta's. */
export function samlMetadata({ entityId, signOnUrl, certificates }: SamlMetadata): string {
  const keys = certificates.map(
    (certificate) =>
      '<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data>' +
      `<ds:X509Certificate>${bareCertificate(certificate)}</ds:X509Certificate>` +
      '</ds:X509Data></ds:KeyInfo></md:KeyDescriptor>',
  );
  const formats = [EMAIL_ADDRESS, UNSPECIFIED].map(
    (format) => `<md:NameIDFormat>${format}</md:NameIDFormat>`,
  );
  const services = ['HTTP-POST', 'HTTP-Redirect'].map(
    (name) => `<md:SingleSignOnService Binding="${BINDINGS}:${name}" Location="${signOnUrl}"/>`,
  );
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<md:EntityDescriptor entityID="${entityId}" xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata">`,
    `<md:IDPSSODescriptor WantAuthnRequestsSigned="false" protocolSupportEnumeration="${PROTOCOL}">`,
    ...keys,
    ...formats,
    ...services,
    '</md:IDPSSODescriptor></md:EntityDescriptor>',
  ].join('');
}
