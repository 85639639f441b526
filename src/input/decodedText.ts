/** Text encodings that are distinguished, as the programs that read the same file do. */
export type Encoding = 'utf-8' | 'utf-8-bom' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/** A text and the encoding of its bytes. */
export interface DecodedText {
  /** Without a byte order mark. */
  readonly text: string;
  readonly encoding: Encoding;
}

/**
 * Decodes a file that a user saved: UTF-8, UTF-16 as PowerShell and Notepad write it (with or without a byte
 * order mark), or else Windows-1252. Never throws.
 */
export function decodeText(bytes: Uint8Array): DecodedText {
  const [first, second, third] = bytes;
  if (first === 0xef && second === 0xbb && third === 0xbf) return decoded('utf-8-bom', bytes);
  if ((first === 0xff && second === 0xfe) || (isAscii(first) && second === 0))
    return decoded('utf-16le', bytes);
  if ((first === 0xfe && second === 0xff) || (first === 0 && isAscii(second)))
    return decoded('utf-16be', bytes);
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), encoding: 'utf-8' };
  } catch {
    return decoded('windows-1252', bytes);
  }
}

/** Like {@link decodeText}, but honors the encoding of the XML declaration (XML 1.0, 4.3.3 and F). */
export function decodeXml(bytes: Uint8Array): string {
  const { text, encoding } = decodeText(bytes);
  if (encoding !== 'utf-8' && encoding !== 'windows-1252') return text;
  const declared = /^\s{0,100}<\?xml\s[^>]{0,200}?encoding\s{0,10}=\s{0,10}["']([\w.:-]{1,40})["']/i.exec(
    text,
  )?.[1];
  // The declaration says UTF-16, but the bytes are not: an editor saved the file in another encoding.
  if (declared === undefined || /^utf-?(?:8|16)/i.test(declared)) return text;
  try {
    const decoder = new TextDecoder(declared);
    return decoder.encoding === 'windows-1252' ? westEuropean(bytes) : decoder.decode(bytes);
  } catch {
    return text; // Unknown encoding.
  }
}

function decoded(encoding: Encoding, bytes: Uint8Array): DecodedText {
  if (encoding === 'windows-1252') return { text: westEuropean(bytes), encoding };
  const label = encoding === 'utf-8-bom' ? 'utf-8' : encoding;
  return { text: new TextDecoder(label).decode(bytes), encoding };
}

/** Windows-1252 characters from 0x80 on where it differs from Latin-1; five are undefined in both. */
const beyondLatin1 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

/** Decodes Windows-1252, which the decoder of Node 22, in many editors, takes for Latin-1. */
function westEuropean(bytes: Uint8Array): string {
  return new TextDecoder('windows-1252')
    .decode(bytes)
    .replaceAll(/[\x80-\x9f]/g, (one) => beyondLatin1.charAt(one.charCodeAt(0) - 0x80));
}

function isAscii(byte: number | undefined): boolean {
  return byte !== undefined && byte > 0 && byte < 0x80;
}
