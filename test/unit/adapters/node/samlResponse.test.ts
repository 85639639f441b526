import { X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { readSamlResponse } from '../../../../src/adapters/node/samlResponse.ts';
import type { SamlResponse } from '../../../../src/setup/samlResponse.ts';
import { bareCertificate, createCertified } from '../../../sandbox/certificate.ts';

const namespaces =
  'xmlns:saml2p="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion"';
let certificate: string;
/** A certificate that issued another one, but does not sign responses itself. */
let chain: { readonly issuer: string; readonly issued: string };

beforeAll(async () => {
  const times = { startsAt: Date.UTC(2026, 0, 1), endsAt: Date.UTC(2030, 0, 1) };
  const certified = await createCertified({ commonName: 'test', ...times });
  certificate = bareCertificate(certified.certificate);
  const issuer = await createCertified({ commonName: 'the issuer', ...times });
  const issued = await createCertified({ commonName: 'test', issuer, ...times });
  chain = {
    issuer: bareCertificate(issuer.certificate),
    issued: bareCertificate(issued.certificate),
  };
});

const fingerprintIn = (base64: string): string =>
  new X509Certificate(Buffer.from(base64, 'base64')).fingerprint256;
const signature = () =>
  `<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo><ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/></ds:SignedInfo><ds:KeyInfo><ds:X509Data><ds:X509Certificate>\n${certificate}\n</ds:X509Certificate></ds:X509Data></ds:KeyInfo></ds:Signature>`;
const success =
  '<saml2p:Status><saml2p:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></saml2p:Status>';
const assertion = (attributes = '') =>
  `<saml2:Assertion ID="id2" IssueInstant="2026-01-01T00:05:00.000Z" Version="2.0" ${namespaces}>` +
  `<saml2:Issuer Format="urn:oasis:names:tc:SAML:2.0:nameid-format:entity">http://www.okta.com/exk1</saml2:Issuer>${signature()}` +
  '<saml2:Subject><saml2:NameID Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress">ana@example.com</saml2:NameID>' +
  '<saml2:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml2:SubjectConfirmationData NotOnOrAfter="2026-01-01T00:09:00.000Z" Recipient="https://x.example/acs/1"/></saml2:SubjectConfirmation></saml2:Subject>' +
  '<saml2:Conditions NotBefore="2026-01-01T00:00:00.000Z" NotOnOrAfter="2026-01-01T00:10:00.000Z"><saml2:AudienceRestriction><saml2:Audience>https://x.example/saml/d-1</saml2:Audience></saml2:AudienceRestriction></saml2:Conditions>' +
  `${attributes}</saml2:Assertion>`;
const whole = (inside: string, status = success) =>
  `<saml2p:Response Destination="https://x.example/acs/1" ID="id1" IssueInstant="2026-01-01T00:05:00.000Z" Version="2.0" ${namespaces}><saml2:Issuer>http://www.okta.com/exk1</saml2:Issuer>${status}${inside}</saml2p:Response>`;

const read = (pasted: string): SamlResponse => {
  const file = readSamlResponse(pasted);
  if ('problem' in file) throw new Error(`It is ${file.problem}.`);
  return file.response;
};

describe('readSamlResponse', () => {
  test('has subject, issuer, audience and expiry', () => {
    const attributes =
      '<saml2:AttributeStatement><saml2:Attribute Name="email"><saml2:AttributeValue>ana@example.com</saml2:AttributeValue></saml2:Attribute></saml2:AttributeStatement>';
    const found = read(Buffer.from(whole(assertion(attributes))).toString('base64'));
    expect(found).toEqual({
      isWhole: true,
      statusCodes: ['Success'],
      isEncrypted: false,
      assertionCount: 1,
      issuers: ['http://www.okta.com/exk1'],
      audiences: [['https://x.example/saml/d-1']],
      destination: 'https://x.example/acs/1',
      isNameEncrypted: false,
      recipients: ['https://x.example/acs/1'],
      nameId: 'ana@example.com',
      nameIdFormat: 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
      issuedAt: Date.UTC(2026, 0, 1, 0, 5),
      validFrom: Date.UTC(2026, 0, 1, 0, 0),
      validUntil: Date.UTC(2026, 0, 1, 0, 10),
      deliverableUntil: Date.UTC(2026, 0, 1, 0, 9),
      signed: ['Assertion'],
      signatureMethods: ['http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'],
      certificates: [[expect.objectContaining({ state: 'read', keyType: 'rsa' })]],
      attributes: ['email'],
    });
  });

  test("accepts a bare assertion from a console's preview", () => {
    expect(read(assertion())).toMatchObject({
      isWhole: false,
      statusCodes: [],
      recipients: ['https://x.example/acs/1'],
    });
  });

  test('reads Okta’s error, with the nested code and its message', () => {
    const status =
      '<saml2p:Status><saml2p:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Responder"><saml2p:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:AuthnFailed"/></saml2p:StatusCode><saml2p:StatusMessage>User is locked.</saml2p:StatusMessage></saml2p:Status>';
    expect(read(whole('', status))).toMatchObject({
      statusCodes: ['Responder', 'AuthnFailed'],
      statusMessage: 'User is locked.',
      assertionCount: 0,
      isEncrypted: false,
    });
  });

  test.each(['issued first', 'issuer first'])(
    'the issuers of a certificate chain were taken for other signers: %s',
    (order) => {
      const texts = order === 'issued first' ? [chain.issued, chain.issuer] : [chain.issuer, chain.issued];
      const several = texts.join('</ds:X509Certificate><ds:X509Certificate>');
      const found = read(whole(assertion().replace(certificate, several)));
      expect(found.certificates).toEqual([
        [expect.objectContaining({ fingerprint: fingerprintIn(chain.issued) })],
      ]);
    },
  );

  test('certificates that did not issue each other stay, and one that is unreadable', () => {
    const several = [certificate, chain.issued, 'bm9uZQ=='].join('</ds:X509Certificate><ds:X509Certificate>');
    const [found] = read(whole(assertion().replace(certificate, several))).certificates;
    expect(found?.map(({ state }) => state)).toEqual(['read', 'read', 'unreadable']);
  });

  test('groups audiences by restriction, and reads recipients only from bearer confirmations', () => {
    const restriction =
      '<saml2:AudienceRestriction><saml2:Audience>https://other.example</saml2:Audience></saml2:AudienceRestriction>';
    const other =
      '<saml2:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:sender-vouches"><saml2:SubjectConfirmationData Recipient="https://other.example"/></saml2:SubjectConfirmation>';
    const two = assertion()
      .replace('</saml2:Conditions>', `${restriction}</saml2:Conditions>`)
      .replace('</saml2:Subject>', `${other}</saml2:Subject>`);
    expect(read(two)).toMatchObject({
      audiences: [['https://x.example/saml/d-1'], ['https://other.example']],
      recipients: ['https://x.example/acs/1'],
    });
  });

  test('an encrypted NameID was reported as missing', () => {
    const hidden = assertion().replace(/<saml2:NameID.*<\/saml2:NameID>/, '<saml2:EncryptedID/>');
    expect(read(hidden)).toMatchObject({ isNameEncrypted: true });
  });

  test('compares an ACS URL with a long ID unchanged', () => {
    const url = 'https://us-east-1.signin.aws/platform/saml/acs/0a1b2c3d-4e5f-6a7b-8c9d-0e1f2a3b4c5d';
    const found = read(whole(assertion()).replaceAll('https://x.example/acs/1', url));
    expect(found).toMatchObject({ destination: url, recipients: [url] });
  });

  test('distinguishes an encrypted assertion from a missing one', () => {
    expect(read(whole('<saml2:EncryptedAssertion/>'))).toMatchObject({
      isEncrypted: true,
      assertionCount: 0,
    });
  });

  test('a comment in the NameID hid what stands behind it', () => {
    const split = assertion().replace('ana@example.com', 'ana@example.com<!---->.evil.example');
    expect(read(split).nameId).toBe('ana@example.com.evil.example');
  });

  test('ignores elements of other namespaces', () => {
    const foreign = assertion().replace(
      '<saml2:Subject>',
      '<saml2:Subject><x:NameID xmlns:x="x">eve</x:NameID>',
    );
    expect(read(foreign).nameId).toBe('ana@example.com');
  });

  test.each([
    ['a sentence', 'Sign in', 'notResponse'],
    ['a web page', '<html><body>Sign in</body></html>', 'notResponse'],
    ['a request', '<p:AuthnRequest xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol"/>', 'samlRequest'],
    ['a request in an address', 'https://example.okta.com/app/x/sso/saml?SAMLRequest=fZJN', 'samlRequest'],
    ['metadata', '<m:EntityDescriptor xmlns:m="urn:oasis:names:tc:SAML:2.0:metadata"/>', 'samlMetadata'],
    ['a document type', `<!DOCTYPE x [<!ENTITY a "aaaa">]>${whole('')}`, 'documentType'],
    ['an undeclared prefix', '<saml2p:Response/>', 'notWellFormed'],
    ['two documents', `${whole('')}${whole('')}`, 'severalDocuments'],
    ['a text without end', 'P'.repeat(256 * 1024 + 1), 'tooLarge'],
  ])('identifies %s', (_, pasted, problem) => {
    expect(readSamlResponse(pasted)).toMatchObject({ problem });
  });
});
