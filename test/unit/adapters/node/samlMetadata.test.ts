import { beforeAll, describe, expect, test } from 'vitest';
import { readSamlMetadata } from '../../../../src/adapters/node/samlMetadata.ts';
import { bareCertificate, createCertified } from '../../../sandbox/certificate.ts';
import { thrownBy } from '../../fakes/thrownBy.ts';
import { quickest } from '../../fakes/quickest.ts';

const endsAt = Date.UTC(2030, 0, 1);
let certificate: string;

beforeAll(async () => {
  const certified = await createCertified({ commonName: 'test', startsAt: Date.UTC(2026, 0, 1), endsAt });
  certificate = bareCertificate(certified.certificate);
});

const metadata = (inside: string, prefix = 'md:'): string =>
  `<?xml version="1.0" encoding="UTF-8"?><${prefix}EntityDescriptor entityID="http://www.okta.com/exk1" xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata">${inside}</${prefix}EntityDescriptor>`;
const provider = (certificates: string, prefix = 'md:'): string =>
  `<${prefix}IDPSSODescriptor>${certificates}<${prefix}SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://example.okta.com/sso?a=1&amp;b=2"/></${prefix}IDPSSODescriptor>`;
const key = (use: string, content: string): string =>
  `<md:KeyDescriptor${use}><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>${content}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`;

describe('SAML metadata', () => {
  test('says who, where and with which certificate until when', () => {
    const lines = certificate.replace(/(.{64})/g, '$1\n');
    const read = readSamlMetadata(metadata(provider(key(' use="signing"', `\n${lines}\n`))));
    expect(read).toMatchObject({
      entityId: 'http://www.okta.com/exk1',
      isIdentityProvider: true,
      signOn: [
        {
          binding: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST',
          url: 'https://example.okta.com/sso?a=1&b=2',
        },
      ],
      certificates: [{ state: 'read', endsAt }],
    });
  });

  test('is read with other prefixes, or none', () => {
    const read = readSamlMetadata(
      '<EntityDescriptor entityID="x"><IDPSSODescriptor><SingleSignOnService Binding="b" Location="https://x"/></IDPSSODescriptor></EntityDescriptor>\n',
    );
    expect(read).toMatchObject({ entityId: 'x', signOn: [{ binding: 'b', url: 'https://x' }] });
  });

  test('has all certificates for signing, and those for any use, and no other', () => {
    const keys = [
      key(' use="signing"', certificate),
      key('', certificate),
      key(' use="encryption"', certificate),
    ];
    expect(readSamlMetadata(metadata(provider(keys.join('')))).certificates).toHaveLength(2);
    const broken = readSamlMetadata(metadata(provider(key('', certificate.slice(40)))));
    expect(broken.certificates).toEqual([{ state: 'unreadable' }]);
  });

  test('of a service provider is not that of an identity provider', () => {
    expect(readSamlMetadata(metadata('<md:SPSSODescriptor/>'))).toMatchObject({
      isIdentityProvider: false,
      signOn: [],
      certificates: [],
    });
  });

  test('with a document type is refused before anything is unfolded', () => {
    const bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>';
    const error = thrownBy(() => readSamlMetadata(`${bomb}${metadata(provider(''))}`));
    expect(error).toMatchObject({ kind: 'invalidInput', details: { reason: 'documentType' } });
  });

  test('knows the five entities of XML and no other', () => {
    const read = readSamlMetadata(metadata('').replace('exk1', 'a&amp;amp;b&#x41;&nbsp;'));
    expect(read.entityId).toBe('http://www.okta.com/a&amp;b&#x41;&nbsp;');
  });

  test.each([
    ['a page', '<html><body>Sign in</body></html>', 'notMetadata'],
    ['nothing', '', 'notMetadata'],
    ['text', 'https://example.okta.com/app/exk1/sso/saml/metadata', 'notMetadata'],
    ['something too large', `<x>${'a'.repeat(300_000)}</x>`, 'tooLarge'],
  ])('is not %s', (_, text, reason) => {
    expect(thrownBy(() => readSamlMetadata(text))).toMatchObject({
      kind: 'invalidInput',
      details: { reason },
    });
  });

  test('that was cut off is not read in part', () => {
    const whole = metadata(provider(key('', certificate)));
    expect(thrownBy(() => readSamlMetadata(whole.slice(0, -40)))).toMatchObject({ kind: 'invalidInput' });
  });
});

describe('F14: SAML metadata as people have it', () => {
  const read = (text: string) => readSamlMetadata(text).certificates;

  test.each([
    ['a comment', '<!-- saved by Ana -->'],
    ['two comments and an instruction', '\n<!-- a -->\n<?editor x?><!-- <b> -->\n'],
    ['a Ctrl-Z', '\u001a'],
    ['NUL characters and line ends', '\r\n\0\0'],
  ])('%s behind the root', (_, tail) => {
    expect(read(metadata(provider(key('', certificate))) + tail)).toMatchObject([{ state: 'read' }]);
  });

  test('a comment that stays open behind the root does not end a document', () => {
    const whole = metadata(provider(key('', certificate)));
    expect(thrownBy(() => readSamlMetadata(`${whole}<!-- cut`))).toMatchObject({ kind: 'invalidInput' });
    expect(thrownBy(() => readSamlMetadata(`${whole}-->`))).toMatchObject({ kind: 'invalidInput' });
  });

  test.each([
    ['an empty KeyDescriptor', '<md:KeyDescriptor/>'],
    ['an empty KeyInfo', '<md:KeyDescriptor use="signing"><KeyInfo/></md:KeyDescriptor>'],
    ['an empty X509Data', '<md:KeyDescriptor><KeyInfo><X509Data/></KeyInfo></md:KeyDescriptor>'],
    [
      'an empty certificate',
      '<md:KeyDescriptor><KeyInfo><X509Data><X509Certificate/></X509Data></KeyInfo></md:KeyDescriptor>',
    ],
    ['a key by name only', '<md:KeyDescriptor><KeyInfo><KeyName>a</KeyName></KeyInfo></md:KeyDescriptor>'],
    [
      'a key value',
      '<md:KeyDescriptor><KeyInfo><KeyValue><RSAKeyValue/></KeyValue></KeyInfo></md:KeyDescriptor>',
    ],
    ['a sign-on service without an address', '<md:SingleSignOnService Binding="b"/>'],
  ])('%s beside a good key', (_, odd) => {
    for (const content of [odd + key('', certificate), key('', certificate) + odd])
      expect(read(metadata(provider(content)))).toMatchObject([{ state: 'read' }]);
  });

  test.each([
    ['lines of PEM', () => `-----BEGIN CERTIFICATE-----\n${certificate}\n-----END CERTIFICATE-----`],
    ['line ends as numbers', () => certificate.replace(/(.{64})/g, '$1&#13;\n')],
    ['line ends as numbers, hexadecimal', () => certificate.replace(/(.{64})/g, '$1&#xD;&#xA;')],
    ['tabs and spaces', () => `\t ${certificate.replace(/(.{10})/g, '$1\t ')} \n`],
    ['a zero-width space', () => `\u200b${certificate}\ufeff`],
  ])('%s in the certificate', (_, content) => {
    expect(read(metadata(provider(key(' use=" Signing "', content()))))).toMatchObject([
      { state: 'read', endsAt },
    ]);
  });

  test('two descriptions of one identity provider are read together', () => {
    const two = provider(key('', certificate)) + provider(key('', certificate));
    expect(readSamlMetadata(metadata(two))).toMatchObject({
      isIdentityProvider: true,
      signOn: [{}, {}],
      certificates: [{ state: 'read' }, { state: 'read' }],
    });
  });

  test.each([
    [
      'of the entity',
      (text: string) => text.replace(' entityID', ' validUntil="2026-02-01T00:00:00Z" entityID'),
    ],
    [
      'of the provider',
      (text: string) =>
        text
          .replace('<md:IDP', '<md:IDP')
          .replace('SSODescriptor>', 'SSODescriptor validUntil="2026-02-01T00:00:00.000Z">'),
    ],
  ])('the end %s is read', (_, change) => {
    expect(readSamlMetadata(change(metadata(provider('')))).validUntil).toBe(Date.UTC(2026, 1, 1));
  });

  test('an end that cannot be read is left out', () => {
    const text = metadata(provider('')).replace(' entityID', ' validUntil="soon" entityID');
    expect(readSamlMetadata(text).validUntil).toBeUndefined();
  });

  test('a megabyte of comments behind the root is read in linear time', () => {
    const took = quickest(() => {
      thrownBy(() => readSamlMetadata(`<a>${'<!---->'.repeat(36_000)}`));
      thrownBy(() => readSamlMetadata(`<a>${'-->'.repeat(80_000)}`));
    }, 2000);
    expect(took).toBeLessThan(2000);
  });
});
