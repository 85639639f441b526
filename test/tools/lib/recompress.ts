import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** Bytes of the fixed parts of a ZIP file's records (APPNOTE 6.3, 4.3.7, 4.3.12, and 4.3.16). */
const [localLength, centralLength, endLength] = [30, 46, 22];
const [centralMark, endMark] = [0x02014b50, 0x06054b50];
const deflated = 8;
/** Set if the sizes follow the content, which they need not once they are known. */
const sizesFollow = 0x0008;

/** The same ZIP file with its entries compressed as well as zlib can, without a ZIP64 part or a comment. */
export function recompress(zip: Buffer): Buffer {
  const end = zip.length - endLength;
  if (zip.readUInt32LE(end) !== endMark) throw new Error('This is not a ZIP file, or it has a comment.');
  const count = zip.readUInt16LE(end + 10);
  const contents: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  let at = zip.readUInt32LE(end + 16);
  for (let index = 0; index < count; index++) {
    if (zip.readUInt32LE(at) !== centralMark) throw new Error('The directory of the ZIP file is damaged.');
    const [name, extra, comment] = [28, 30, 32].map((field) => zip.readUInt16LE(at + field));
    const length = centralLength + (name ?? 0) + (extra ?? 0) + (comment ?? 0);
    const central = Buffer.from(zip.subarray(at, at + length));
    const content = compressed(zip, central);
    central.writeUInt16LE(central.readUInt16LE(8) & ~sizesFollow, 8);
    central.writeUInt32LE(content.length, 20);
    central.writeUInt32LE(offset, 42);
    const local = Buffer.alloc(localLength);
    local.writeUInt32LE(0x04034b50, 0);
    // The versions, method, time, checksum, and sizes are the same in both records.
    central.copy(local, 4, 6, 30);
    const record = [local, central.subarray(centralLength, centralLength + (name ?? 0)), content];
    contents.push(...record);
    directory.push(central);
    offset += record.reduce((sum, one) => sum + one.length, 0);
    at += length;
  }
  const tail = Buffer.from(zip.subarray(end));
  tail.writeUInt32LE(
    directory.reduce((sum, one) => sum + one.length, 0),
    12,
  );
  tail.writeUInt32LE(offset, 16);
  return Buffer.concat([...contents, ...directory, tail]);
}

/** The content of an entry of the directory, as it was if that is shorter. */
function compressed(zip: Buffer, central: Buffer): Buffer {
  const local = central.readUInt32LE(42);
  const start = local + localLength + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
  const before = zip.subarray(start, start + central.readUInt32LE(20));
  if (central.readUInt16LE(10) !== deflated) return before;
  const after = deflateRawSync(inflateRawSync(before), { level: 9, memLevel: 9 });
  return after.length < before.length ? after : before;
}
