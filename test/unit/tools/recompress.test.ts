import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { recompress } from '../../tools/lib/recompress.ts';

/** A ZIP file with one entry, whose sizes follow its content, as `vsce` writes it. */
function zipOf(name: string, text: string): Buffer {
  const [raw, path] = [Buffer.from(text), Buffer.from(name)];
  const content = deflateRawSync(raw, { level: 1 });
  const fields = (sizes: readonly [number, number, number]): Buffer => {
    const bytes = Buffer.alloc(26);
    bytes.writeUInt16LE(20, 0);
    bytes.writeUInt16LE(0x0808, 2);
    bytes.writeUInt16LE(8, 4);
    sizes.forEach((size, index) => bytes.writeUInt32LE(size, 10 + 4 * index));
    bytes.writeUInt16LE(path.length, 22);
    return bytes;
  };
  const marked = (mark: number, ...parts: readonly Buffer[]): Buffer => {
    const start = Buffer.alloc(4);
    start.writeUInt32LE(mark);
    return Buffer.concat([start, ...parts]);
  };
  const sizes = [crc32(raw), content.length, raw.length] as const;
  const follow = Buffer.alloc(12);
  sizes.forEach((size, index) => follow.writeUInt32LE(size, 4 * index));
  const file = Buffer.concat([
    marked(0x04034b50, fields([0, 0, 0]), path, content),
    marked(0x08074b50, follow),
  ]);
  const central = marked(0x02014b50, Buffer.alloc(2), fields(sizes), Buffer.alloc(14), path);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(1, 4);
  end.writeUInt16LE(1, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(file.length, 12);
  return Buffer.concat([file, central, marked(0x06054b50, end)]);
}

describe('recompress', () => {
  const text = Array.from({ length: 400 }, (_, index) => `line ${index * index} of a text`).join('\n');
  const zip = zipOf('extension/a.txt', text);
  const smaller = recompress(zip);

  test('keeps every entry, and makes it smaller', () => {
    expect(smaller.length).toBeLessThan(zip.length);
    const start = 30 + 'extension/a.txt'.length;
    expect(smaller.subarray(30, start).toString()).toBe('extension/a.txt');
    const size = smaller.readUInt32LE(18);
    expect(inflateRawSync(smaller.subarray(start, start + size)).toString()).toBe(text);
    // The checksum and sizes are before the content now.
    expect([smaller.readUInt16LE(6) & 8, smaller.readUInt32LE(14)]).toEqual([0, crc32(text)]);
  });

  test('changes nothing the second time, so a build stays reproducible', () => {
    expect(recompress(smaller).equals(smaller)).toBe(true);
  });

  test('rejects another kind of file', () => {
    expect(() => recompress(Buffer.alloc(100))).toThrow(/not a ZIP/);
  });
});
