import { X509Certificate } from 'node:crypto';
import type { SamlCertificate } from '../../setup/samlCertificate.ts';

/** A certificate as SAML metadata has it, with or without the lines of PEM around it. */
export function readSamlCertificate(text: string): SamlCertificate {
  try {
    const der = Buffer.from(bareBase64(text), 'base64');
    // OpenSSL reads PEM here too, which XML Signature (4.5.4.1) does not know: a file encoded twice.
    if (der[0] !== 0x30) return { state: 'unreadable' };
    const read = new X509Certificate(der);
    const { validFromDate, validToDate, fingerprint256, publicKey, raw } = read;
    const keyBits = publicKey.asymmetricKeyDetails?.modulusLength;
    return {
      state: 'read',
      startsAt: validFromDate.getTime(),
      endsAt: validToDate.getTime(),
      fingerprint: fingerprint256,
      keyType: publicKey.asymmetricKeyType ?? 'unknown',
      ...(keyBits === undefined ? {} : { keyBits }),
      hasWeakHash: hasWeakHash(raw),
    };
  } catch {
    return { state: 'unreadable' };
  }
}

/** The text of a certificate without the lines of PEM and without white space. */
export function bareBase64(given: string): string {
  return given.replace(/-----(?:BEGIN|END) [A-Z ]{1,40}-----/g, '').replace(/[\s\u200b\ufeff]+/g, '');
}

/** The signature algorithms with MD2, MD5 and SHA-1 (RFC 3279, 2.2; RFC 5758), as their object identifiers are encoded. */
const weakAlgorithms = new Set([
  '2a864886f70d010102',
  '2a864886f70d010104',
  '2a864886f70d010105',
  '2b0e03021d',
  '2a8648ce380403',
  '2a8648ce3d0401',
]);

/** Whether its signature is made with a hash that is broken: the algorithm stands behind the signed part (RFC 5280, 4.1). */
function hasWeakHash(der: Buffer): boolean {
  const signed = contentAt(der, contentAt(der, 0).start);
  const algorithm = contentAt(der, contentAt(der, signed.end).start);
  return weakAlgorithms.has(der.subarray(algorithm.start, algorithm.end).toString('hex'));
}

/** Where the content of the element at `offset` begins and ends (X.690, 8.1.3). */
function contentAt(der: Buffer, offset: number): { readonly start: number; readonly end: number } {
  const first = der.readUInt8(offset + 1);
  const count = first < 0x80 ? 0 : first & 0x7f;
  const start = offset + 2 + count;
  return { start, end: start + (count === 0 ? first : der.readUIntBE(offset + 2, count)) };
}
