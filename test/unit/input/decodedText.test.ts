import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { decodeText, decodeXml } from '../../../src/input/decodedText.ts';

const bytes = (encoding: BufferEncoding, text: string, ...mark: readonly number[]): Uint8Array =>
  Buffer.concat([Buffer.from(mark), Buffer.from(text, encoding)]);
const swapped = (of: Uint8Array): Uint8Array => Buffer.from(of).swap16();
const text = '<a>Ä 会社</a>';

class DecoderOfNode22 extends TextDecoder {
  override decode(given: Uint8Array): string {
    return this.encoding === 'windows-1252' ? Buffer.from(given).toString('latin1') : super.decode(given);
  }
}

describe('decodeXml: F17: a saved file', () => {
  test.each([
    ['UTF-8', bytes('utf8', text), 'utf-8'],
    ['UTF-8 with a byte order mark', bytes('utf8', text, 0xef, 0xbb, 0xbf), 'utf-8-bom'],
    ['UTF-16 of PowerShell', bytes('utf16le', text, 0xff, 0xfe), 'utf-16le'],
    ['UTF-16 without a mark', bytes('utf16le', text), 'utf-16le'],
    ['UTF-16, big-endian', swapped(bytes('utf16le', text, 0xff, 0xfe)), 'utf-16be'],
    ['UTF-16, big-endian, without a mark', swapped(bytes('utf16le', text)), 'utf-16be'],
  ])('%s', (_, given, encoding) => {
    expect(decodeText(given)).toEqual({ text, encoding });
    expect(decodeXml(given)).toBe(text);
  });

  test('text that is not UTF-8 is decoded as Windows-1252', () => {
    expect(decodeText(Buffer.from('M\xfcnchen \x80', 'latin1'))).toEqual({
      text: 'München €',
      encoding: 'windows-1252',
    });
  });

  test("decodes all letters, also with Node 22's decoder, which uses Latin-1 instead", () => {
    const given = Buffer.from('\x80\x93q\x94 \x8a\x9e\x9f \xfc\x81', 'latin1');
    vi.stubGlobal('TextDecoder', DecoderOfNode22);
    try {
      expect(decodeText(given)).toEqual({ text: '€“q” ŠžŸ ü\x81', encoding: 'windows-1252' });
      const declared = '<?xml version="1.0" encoding="ISO-8859-1"?>';
      expect(decodeXml(Buffer.concat([Buffer.from(declared), given]))).toBe(`${declared}€“q” ŠžŸ ü\x81`);
    } finally {
      vi.unstubAllGlobals();
    }
  });

  test('an XML file is decoded with its declared encoding', () => {
    const declaration = '<?xml version="1.0" encoding="ISO-8859-15"?>';
    expect(decodeXml(Buffer.from(`${declaration}<a>\xa4</a>`, 'latin1'))).toBe(`${declaration}<a>€</a>`);
    const japanese = Buffer.concat([
      Buffer.from("<?xml version='1.0' encoding='Shift_JIS'?>"),
      Buffer.from([0x89, 0xef, 0x8e, 0xd0]),
    ]);
    expect(decodeXml(japanese)).toContain('会社');
  });

  test('an encoding that is unknown, or contradicts the bytes, is ignored', () => {
    for (const name of ['KLINGON', 'UTF-16'])
      expect(decodeXml(Buffer.from(`<?xml version="1.0" encoding="${name}"?><a>Ä</a>`))).toContain(
        '<a>Ä</a>',
      );
  });

  test('any bytes are decoded without an error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (any) => {
        expect(typeof decodeText(any).text + typeof decodeXml(any)).toBe('stringstring');
      }),
    );
  });
});
