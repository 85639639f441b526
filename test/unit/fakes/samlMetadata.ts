import type { SamlCertificate } from '../../../src/setup/samlCertificate.ts';
import type { SamlMetadata } from '../../../src/setup/setupPorts.ts';
import { checkContext } from './checkContext.ts';
import { january } from './examples.ts';

/** The HTTP-POST binding (SAML 2.0 Bindings, 3.5). */
export const post = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST';

/** Metadata of an application in Okta. */
export const metadata: SamlMetadata = {
  entityId: 'http://www.okta.com/exk1',
  isIdentityProvider: true,
  isSaml2: true,
  signOn: [{ binding: post, url: 'https://example.okta.com/app/exk1/sso/saml' }],
  certificates: [],
};

/** The context of a check with such saved metadata. */
export const savedMetadata = (change: Partial<SamlMetadata>) =>
  checkContext({
    inputs: { metadataXml: '<x/>' },
    ports: { readSamlMetadata: () => ({ metadata: { ...metadata, ...change } }) },
  });

/** A valid certificate; start and end in milliseconds after the start of the test clock. */
export const certificate = (from: number, to: number): SamlCertificate => ({
  state: 'read',
  startsAt: january + from,
  endsAt: january + to,
  fingerprint: 'AA:BB',
  keyType: 'rsa',
  keyBits: 2048,
  hasWeakHash: false,
});
