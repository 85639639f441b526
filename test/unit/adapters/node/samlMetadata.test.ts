import { beforeAll, describe, expect, test } from 'vitest';
import { readSamlMetadata } from '../../../../src/adapters/node/samlMetadata.ts';
import { decodeXml } from '../../../../src/input/decodedText.ts';
import { bareCertificate, createCertified } from '../../../sandbox/certificate.ts';
import type { SamlMetadata } from '../../../../src/setup/setupPorts.ts';
import { quickest } from '../../fakes/quickest.ts';

/** The metadata in a text. */
const read = (xml: string): SamlMetadata => {
  const file = readSamlMetadata(xml);
  if ('problem' in file) throw new Error(`It is ${file.problem}.`);
  return file.metadata;
};
const validationMessage = (xml: string): unknown => {
  const file = readSamlMetadata(xml);
  return 'problem' in file ? file.problem : 'none';
};
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

describe('readSamlMetadata: SAML metadata', () => {
  test('has issuer, addresses, and certificates with their expiry', () => {
    const lines = certificate.replace(/(.{64})/g, '$1\n');
    expect(read(metadata(provider(key(' use="signing"', `\n${lines}\n`))))).toMatchObject({
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

  test('an expired certificate passed because its issuer’s in the same chain was valid', async () => {
    const startsAt = Date.UTC(2020, 0, 1);
    const issuer = await createCertified({ commonName: 'the issuer', startsAt, endsAt });
    const expired = Date.UTC(2021, 0, 1);
    const issued = await createCertified({ commonName: 'test', issuer, startsAt, endsAt: expired });
    const [above = '', own = ''] = [issuer, issued].map((one) => bareCertificate(one.certificate));
    const chain = `${own}</ds:X509Certificate><ds:X509Certificate>${above}`;
    const { certificates } = read(metadata(provider(key(' use="signing"', chain))));
    expect(certificates).toMatchObject([{ state: 'read', endsAt: expired }]);
    // Of two keys, neither is the other's issuer only because both are in the file.
    const apart = read(metadata(provider(key('', own) + key('', above))));
    expect(apart.certificates).toHaveLength(2);
  });

  test('two certificates in one element were read as the first', () => {
    expect(read(metadata(provider(key('', `${certificate}\n${certificate}`)))).certificates).toEqual([
      { state: 'unreadable' },
    ]);
    const whole = Buffer.from(certificate, 'base64');
    const joined = Buffer.concat([whole, whole]).toString('base64');
    expect(read(metadata(provider(key('', joined)))).certificates).toEqual([{ state: 'unreadable' }]);
  });

  test('passed a file that is longer than IAM Identity Center accepts', () => {
    const long = (length: number): string => {
      const text = metadata(`${provider(key(' use="signing"', certificate))}<!---->`);
      return text.replace('<!---->', `<!--${' '.repeat(length - text.length)}-->`);
    };
    expect(validationMessage(long(75_000))).toBe('none');
    expect(validationMessage(long(75_001))).toBe('tooLarge');
  });

  test('is read with other prefixes, or none', () => {
    const found = read(
      '<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="x"><IDPSSODescriptor><SingleSignOnService Binding="b" Location="https://x"/></IDPSSODescriptor></EntityDescriptor>\n',
    );
    expect(found).toMatchObject({ entityId: 'x', signOn: [{ binding: 'b', url: 'https://x' }] });
  });

  test('has all certificates for signing or any use, and no others', () => {
    const keys = [
      key(' use="signing"', certificate),
      key('', certificate),
      key(' use="encryption"', certificate),
    ];
    expect(read(metadata(provider(keys.join('')))).certificates).toHaveLength(2);
    const broken = read(metadata(provider(key('', certificate.slice(40)))));
    expect(broken.certificates).toEqual([{ state: 'unreadable' }]);
  });

  test("of a service provider is not accepted as an identity provider's", () => {
    expect(read(metadata('<md:SPSSODescriptor/>'))).toMatchObject({
      isIdentityProvider: false,
      signOn: [],
      certificates: [],
    });
  });

  test('with a document type is rejected before entities are expanded', () => {
    const bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>';
    expect(validationMessage(`${bomb}${metadata(provider(''))}`)).toBe('documentType');
  });

  test("supports XML's five entities and character references, expanded once", () => {
    const found = read(metadata('').replace('exk1', 'a&amp;amp;b&#x41;&#66;'));
    expect(found.entityId).toBe('http://www.okta.com/a&amp;bAB');
  });

  test('that is truncated is not read partially', () => {
    const whole = metadata(provider(key('', certificate)));
    for (const cut of [7, 40, 400, 900])
      expect(validationMessage(whole.slice(0, -cut)), String(cut)).toBe('notWellFormed');
  });
});

describe('readSamlMetadata: F14: SAML metadata from users', () => {
  const certificatesOf = (text: string) => read(text).certificates;

  test.each([
    ['a comment', '<!-- saved by Ana -->'],
    ['two comments and an instruction', '\n<!-- a -->\n<?editor x?><!-- <b> -->\n'],
    ['a Ctrl-Z', '\u001a'],
    ['NUL characters and line ends', '\r\n\0\0'],
  ])('%s after the root', (_, tail) => {
    expect(certificatesOf(metadata(provider(key('', certificate))) + tail)).toMatchObject([
      { state: 'read' },
    ]);
  });

  test('an unclosed comment after the root does not end a document', () => {
    const whole = metadata(provider(key('', certificate)));
    expect(validationMessage(`${whole}<!-- cut`)).toBe('notWellFormed');
    expect(validationMessage(`${whole}-->`)).toBe('notWellFormed');
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
  ])('%s next to a valid key', (_, odd) => {
    for (const content of [odd + key('', certificate), key('', certificate) + odd])
      expect(certificatesOf(metadata(provider(content)))).toMatchObject([{ state: 'read' }]);
  });

  test.each([
    ['lines of PEM', () => `-----BEGIN CERTIFICATE-----\n${certificate}\n-----END CERTIFICATE-----`],
    ['line ends as numbers', () => certificate.replace(/(.{64})/g, '$1&#13;\n')],
    ['line ends as numbers, hexadecimal', () => certificate.replace(/(.{64})/g, '$1&#xD;&#xA;')],
    ['tabs and spaces', () => `\t ${certificate.replace(/(.{10})/g, '$1\t ')} \n`],
    ['a zero-width space', () => `\u200b${certificate}\ufeff`],
  ])('%s in the certificate', (_, content) => {
    expect(certificatesOf(metadata(provider(key(' use=" Signing "', content()))))).toMatchObject([
      { state: 'read', endsAt },
    ]);
  });

  test('two descriptions of one identity provider are merged', () => {
    const two = provider(key('', certificate)) + provider(key('', certificate));
    expect(read(metadata(two))).toMatchObject({
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
  ])('the expiry %s is read', (_, change) => {
    expect(read(change(metadata(provider('')))).validUntil).toBe(Date.UTC(2026, 1, 1));
  });

  test('an unreadable expiry is omitted', () => {
    const text = metadata(provider('')).replace(' entityID', ' validUntil="soon" entityID');
    expect(read(text).validUntil).toBeUndefined();
  });

  test('a megabyte of comments after the root is read in linear time', () => {
    const took = quickest(() => {
      readSamlMetadata(`<a>${'<!---->'.repeat(36_000)}`);
      readSamlMetadata(`<a>${'-->'.repeat(80_000)}`);
    }, 2000);
    expect(took).toBeLessThan(2000);
  });
});

describe('readSamlMetadata: A3: text that is not XML', () => {
  const whole = () => metadata(provider(key('', certificate)));

  test.each<[string, (xml: string) => string, string]>([
    [
      'a copy out of Firefox',
      (xml) =>
        `This XML file does not appear to have any style information associated with it. The document tree is shown below.\n${xml}`,
      'browserView',
    ],
    ['a tree out of a browser', (xml) => xml.replace('<md:Entity', '\n- <md:Entity'), 'browserView'],
    ['a tree with arrows', (xml) => xml.replace('<md:Entity', '\n▼<md:Entity'), 'browserView'],
    ['smart quotes', (xml) => xml.replaceAll(/"([^"]*)"/g, '“$1”'), 'notWellFormed'],
    ['an unclosed tag', (xml) => xml.replace('</md:KeyDescriptor>', ''), 'notWellFormed'],
    ['an unquoted attribute', (xml) => xml.replace(/entityID="([^"]*)"/, 'entityID=$1'), 'notWellFormed'],
    ['a raw & in an attribute', (xml) => xml.replace('&amp;', '&'), 'notWellFormed'],
    ['a raw & in a text', (xml) => xml.replace('</md:IDP', 'R & D</md:IDP'), 'notWellFormed'],
    ['a < in an attribute', (xml) => xml.replace('a=1', 'a<1'), 'notWellFormed'],
    ['a control character', (xml) => xml.replace('a=1', 'a=\u0001'), 'notWellFormed'],
    ['an unknown entity', (xml) => xml.replace('</md:IDP', '&nbsp;</md:IDP'), 'notWellFormed'],
    ['a new line before the declaration', (xml) => `\n${xml}`, 'notWellFormed'],
    ['words behind the root', (xml) => `${xml}done`, 'notWellFormed'],
    ['no namespace', (xml) => xml.replaceAll(/md:|xmlns:md="[^"]*"/g, ''), 'wrongNamespace'],
    ['another namespace', (xml) => xml.replace('SAML:2.0:metadata', 'SAML:1.0:metadata'), 'wrongNamespace'],
    ['a prefix that is not declared', (xml) => xml.replace(/ xmlns:md="[^"]*"/, ''), 'notWellFormed'],
    [
      'two attributes of one name',
      (xml) => xml.replace('entityID', 'entityID="x" entityID'),
      'notWellFormed',
    ],
  ])('%s', (_, change, problem) => {
    expect(validationMessage(change(whole()))).toBe(problem);
  });

  test('is reported with its line and column', () => {
    const lines = whole().replaceAll('><', '>\n<');
    expect(readSamlMetadata(lines.replace('</md:KeyDescriptor>\n', ''))).toMatchObject({
      problem: 'notWellFormed',
      line: 11,
    });
    const raw = lines.replace('&amp;', '&');
    const before = raw.slice(0, raw.indexOf('&')).split('\n');
    expect(readSamlMetadata(raw)).toMatchObject({
      line: before.length,
      column: (before.at(-1)?.length ?? 0) + 1,
    });
    expect(readSamlMetadata('<a>\n<b>&nbsp;</b>\n</a>')).toMatchObject({ line: 2, column: 4 });
  });

  test('an & in a comment, a processing instruction or CDATA is not a reference', () => {
    const xml = whole().replace('<md:IDP', '<!-- R & D --><?x a & b?><md:IDP');
    expect(read(xml).certificates).toMatchObject([{ state: 'read' }]);
  });

  test('a certificate in another namespace does not count', () => {
    expect(read(whole().replace('xmldsig#', 'xmldsig11#')).certificates).toEqual([]);
  });
});

describe('readSamlMetadata: B9: identifies other kinds of files', () => {
  test.each([
    ['nothing', '', 'empty'],
    ['white space', ' \n\0', 'empty'],
    ['a page', '<html><body>Sign in</body></html>', 'webPage'],
    ['a page with its type', '<!DOCTYPE html>\n<html lang="en"></html>', 'webPage'],
    ['a page in XML', '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>', 'webPage'],
    ['an address', 'https://example.okta.com/app/exk1/sso/saml/metadata', 'addressOnly'],
    ['a shortcut of Windows', '[InternetShortcut]\r\nURL=https://example.okta.com/\r\n', 'addressOnly'],
    [
      'a shortcut of macOS',
      '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "">\n<plist version="1.0"/>',
      'addressOnly',
    ],
    ['something too large', `<x>${'a'.repeat(300_000)}</x>`, 'tooLarge'],
    ['a certificate', '-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----', 'certificateFile'],
    ['a private key', '-----BEGIN RSA PRIVATE KEY-----\nMIIC', 'privateKey'],
    ['a ZIP file', 'PK\u0003\u0004\u0014', 'archive'],
    ['a GZIP file', decodeXml(Uint8Array.of(0x1f, 0x8b, 8, 0, 0xff, 0xfe, 0x90)), 'archive'],
    ['a PDF file', '%PDF-1.7', 'pdf'],
    ['an answer of an API', '{"errorCode":"E0000011"}', 'json'],
    ['a response', '<p:Response xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol" ID="a"/>', 'samlMessage'],
    ['a feed', '<rss version="2.0"/>', 'notMetadata'],
    ['a document type', '<!DOCTYPE x [<!ENTITY a "a">]><x/>', 'documentType'],
  ])('%s', (_, text, problem) => {
    expect(validationMessage(text)).toBe(problem);
  });

  test('metadata of a whole federation, with the number of its entities', () => {
    const ns = 'xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata"';
    const one = '<md:EntityDescriptor entityID="a"/>';
    const text = `<md:EntitiesDescriptor ${ns}>${one}<md:EntitiesDescriptor>${one}${one}</md:EntitiesDescriptor></md:EntitiesDescriptor>`;
    expect(readSamlMetadata(text)).toEqual({ problem: 'severalEntities', count: 3 });
  });

  test('two documents in one file', () => {
    const xml = metadata(provider(key('', certificate)));
    expect(validationMessage(xml + xml)).not.toBe('none');
    expect(validationMessage(xml + xml.slice(xml.indexOf('?>') + 2))).toBe('severalDocuments');
  });

  test.each([
    ['a byte order mark', '\ufeff'],
    ['nothing', ''],
  ])('%s before the declaration is ignored', (_, before) => {
    expect(validationMessage(before + metadata(provider(key('', certificate))))).toBe('none');
  });
});

describe('readSamlMetadata: A8: certificates and versions', () => {
  test('includes the key and the hash', () => {
    expect(read(metadata(provider(key('', certificate)))).certificates).toMatchObject([
      { keyType: 'rsa', keyBits: 2048, hasWeakHash: false },
    ]);
  });

  test('SAML 1.1 only', () => {
    const older = 'protocolSupportEnumeration="urn:oasis:names:tc:SAML:1.1:protocol"';
    const xml = metadata(provider(key('', certificate))).replace('<md:IDPSSODescriptor', `$& ${older}`);
    expect(read(xml)).toMatchObject({ isIdentityProvider: true, isSaml2: false });
    const both = xml.replace('1.1:protocol"', '1.1:protocol urn:oasis:names:tc:SAML:2.0:protocol"');
    expect(read(both)).toMatchObject({ isSaml2: true, certificates: [{ state: 'read' }] });
  });
});
