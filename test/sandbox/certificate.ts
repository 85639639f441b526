import { createPrivateKey, type KeyObject, randomBytes, sign } from 'node:crypto';

import { nextRsaKey } from './rsaKeys.ts';

/** A private key and its certificate, both PEM. */
export interface Certified {
  readonly key: string;
  readonly certificate: string;
  /** End of validity, epoch milliseconds. */
  readonly endsAt: number;
}

interface CertificateOptions {
  /** Subject, and also the issuer if self-signed. */
  readonly commonName: string;
  /** The issuer, if not self-signed. */
  readonly issuer?: Certified;
  /** Host name of a server, as subjectAltName (RFC 9525). */
  readonly dnsName?: string;
  /** Epoch milliseconds. */
  readonly startsAt: number;
  /** Epoch milliseconds. */
  readonly endsAt: number;
}

/** Creates an RSA key with an X.509 certificate (RFC 5280), self-signed by default, such as an identity provider signs with. */
export async function createCertified(options: CertificateOptions): Promise<Certified> {
  const { publicKey, privateKey } = await nextRsaKey();
  const key = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  return { key, certificate: certificateFor(publicKey, key, options), endsAt: options.endsAt };
}

/** The PEM content on one line, without its header and footer, as in SAML metadata. */
export function bareCertificate(pem: string): string {
  return pem.replace(/-----[^-]+-----|\s/g, '');
}

function certificateFor(publicKey: KeyObject, key: string, options: CertificateOptions): string {
  const { commonName, dnsName, startsAt, endsAt, issuer } = options;
  const algorithm = sequence(objectId(SHA256_WITH_RSA), der(0x05));
  const nameOf = (common: string): Buffer =>
    sequence(
      der(0x31, sequence(objectId(ORGANIZATION), der(0x0c, Buffer.from('Okta')))),
      der(0x31, sequence(objectId(COMMON_NAME), der(0x0c, Buffer.from(common)))),
    );
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    // Serial numbers are positive and at most 20 bytes long.
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    algorithm,
    nameOf(issuer === undefined ? commonName : 'the issuer'),
    sequence(time(startsAt), time(endsAt)),
    nameOf(commonName),
    publicKey.export({ format: 'der', type: 'spki' }),
    ...(dnsName === undefined ? [] : [der(0xa3, sequence(subjectAltName(dnsName)))]),
  );
  const signature = sign('RSA-SHA256', body, createPrivateKey(issuer?.key ?? key));
  const whole = sequence(body, algorithm, der(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

const SHA256_WITH_RSA = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b];
const SUBJECT_ALT_NAME = [0x55, 0x1d, 0x11];
const COMMON_NAME = [0x55, 0x04, 0x03];
const ORGANIZATION = [0x55, 0x04, 0x0a];

/** A subjectAltName extension or similar (RFC 5280, section 4.2.1.6). */
function subjectAltName(dnsName: string): Buffer {
  const names = sequence(der(0x82, Buffer.from(dnsName)));
  return sequence(objectId(SUBJECT_ALT_NAME), der(0x04, names));
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts));
}

function objectId(bytes: readonly number[]): Buffer {
  return der(0x06, Buffer.from(bytes));
}

/** UTCTime through 2049, GeneralizedTime after that (RFC 5280, section 4.1.2.5). */
function time(at: number): Buffer {
  const digits = new Date(at).toISOString().replace(/\.\d+|[-:T]/g, '');
  return digits < '2050' ? der(0x17, Buffer.from(digits.slice(2))) : der(0x18, Buffer.from(digits));
}

/** Encodes tag, length and content (X.690). */
function der(tag: number, content: Buffer = Buffer.alloc(0)): Buffer {
  const { length } = content;
  const bytes =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...bytes]), content]);
}
