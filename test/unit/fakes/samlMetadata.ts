import type { SamlCertificate } from '../../../src/setup/samlCertificate.ts';
import type { SamlMetadata } from '../../../src/setup/setupPorts.ts';
import { checkContext } from './checkContext.ts';
import { january } from './examples.ts';

/** The binding by which a form is posted (SAML 2.0 Bindings, 3.5). */
export const post = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST';

/** Metadata of an application in Okta. */
export const metadata: SamlMetadata = {
  entityId: 'http://www.okta.com/exk1',
  isIdentityProvider: true,
  isSaml2: true,
  signOn: [{ binding: post, url: 'https://example.okta.com/app/exk1/sso/saml' }],
  certificates: [],
};

/** What a check stands on where such metadata was saved. */
export const savedMetadata = (change: Partial<SamlMetadata>) =>
  checkContext({
    inputs: { metadataXml: '<x/>' },
    ports: { readSamlMetadata: () => ({ metadata: { ...metadata, ...change } }) },
  });

/** A good certificate, from and to so many milliseconds after the beginning of the test clock. */
export const certificate = (from: number, to: number): SamlCertificate => ({
  state: 'read',
  startsAt: january + from,
  endsAt: january + to,
  fingerprint: 'AA:BB',
  keyType: 'rsa',
  keyBits: 2048,
  hasWeakHash: false,
});
