import { X509Certificate } from 'node:crypto';
import type { SamlCertificate } from '../../setup/samlCertificate.ts';

/** Parses a certificate from SAML metadata, with or without PEM header lines. */
export function readSamlCertificate(text: string): SamlCertificate {
  try {
    const der = Buffer.from(bareBase64(text), 'base64');
    // OpenSSL also accepts PEM here, which XML Signature (4.5.4.1) does not allow: a file that was encoded twice.
    if (der[0] !== 0x30) return { state: 'unreadable' };
    const read = new X509Certificate(der);
    const { validFromDate, validToDate, fingerprint256, publicKey, raw } = read;
    // OpenSSL reads only the first of several in one element.
    if (raw.length !== der.length || /=[^=]/.test(bareBase64(text))) return { state: 'unreadable' };
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

/** The base64 text of a certificate without PEM header lines and white space. */
export function bareBase64(given: string): string {
  return given.replace(/-----(?:BEGIN|END) [A-Z ]{1,40}-----/g, '').replace(/[\s\u200b\ufeff]+/g, '');
}

/** Removes issuers of others from a chain (bare Base64): only the rest can be signing keys (XML Signature, 4.5.4). */
export function withoutIssuers(chain: readonly string[]): readonly string[] {
  return chain.filter((issuer) => !chain.some((other) => hasIssued(issuer, other)));
}

/** Whether `issuer` signed `other`; false for a renewed self-signed certificate, which has the same key. */
function hasIssued(issuer: string, other: string): boolean {
  try {
    const [above, below] = [issuer, other].map((text) => new X509Certificate(Buffer.from(text, 'base64')));
    if (above === undefined || below === undefined) return false;
    return !above.publicKey.equals(below.publicKey) && below.verify(above.publicKey);
  } catch {
    return false;
  }
}

/** Encoded object identifiers of the signature algorithms with MD2, MD5 and SHA-1 (RFC 3279, 2.2; RFC 5758). */
const weakAlgorithms = new Set([
  '2a864886f70d010102',
  '2a864886f70d010104',
  '2a864886f70d010105',
  '2b0e03021d',
  '2a8648ce380403',
  '2a8648ce3d0401',
]);

/** Whether the signature uses a broken hash. The algorithm follows the signed part (RFC 5280, 4.1). */
function hasWeakHash(der: Buffer): boolean {
  const signed = contentAt(der, contentAt(der, 0).start);
  const algorithm = contentAt(der, contentAt(der, signed.end).start);
  return weakAlgorithms.has(der.subarray(algorithm.start, algorithm.end).toString('hex'));
}

/** The bounds of the content of the element at `offset` (X.690, 8.1.3). */
function contentAt(der: Buffer, offset: number): { readonly start: number; readonly end: number } {
  const first = der.readUInt8(offset + 1);
  const count = first < 0x80 ? 0 : first & 0x7f;
  const start = offset + 2 + count;
  return { start, end: start + (count === 0 ? first : der.readUIntBE(offset + 2, count)) };
}
