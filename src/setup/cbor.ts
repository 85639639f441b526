/** Nesting limit; services do not send deeper values. */
const deepest = 32;

/** Encodes a map of texts as CBOR (RFC 8949), which some AWS services use instead of JSON (Smithy RPC v2). */
export function encodeTexts(members: Readonly<Record<string, string>>): Uint8Array<ArrayBuffer> {
  const entries = Object.entries(members);
  const texts = entries.flat().flatMap((text) => {
    const bytes = new TextEncoder().encode(text);
    return [...head(3, bytes.length), ...bytes];
  });
  return Uint8Array.from([...head(5, entries.length), ...texts]);
}

function head(major: number, length: number): number[] {
  const type = major << 5;
  if (length < 24) return [type | length];
  return length < 256 ? [type | 24, length] : [type | 25, length >> 8, length & 255];
}

/** Decodes CBOR to JSON-like values; undefined for incomplete CBOR. Byte strings become undefined. */
export function decodeCbor(bytes: Uint8Array): unknown {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const wholeNumber = (info: number): number => {
    const size = info < 24 ? 0 : 1 << (info - 24);
    const from = at;
    at += size;
    switch (size) {
      case 0:
        return info;
      case 1:
        return view.getUint8(from);
      case 2:
        return view.getUint16(from);
      case 4:
        return view.getUint32(from);
      case 8:
        return Number(view.getBigUint64(from));
      default:
        throw new RangeError('This is not CBOR.');
    }
  };
  const isAtBreak = (): boolean => {
    if (view.getUint8(at) !== 0xff) return false;
    at += 1;
    return true;
  };
  /** Reads a number of items, or all up to a break. */
  const each = (info: number, read: () => void): void => {
    if (info === 31) while (!isAtBreak()) read();
    else for (let left = wholeNumber(info); left > 0; left -= 1) read();
  };
  const chunk = (info: number): Uint8Array => {
    const length = wholeNumber(info);
    if (at + length > bytes.length) throw new RangeError('This is not CBOR.');
    at += length;
    return bytes.subarray(at - length, at);
  };
  const value = (depth: number): unknown => {
    if (depth > deepest) throw new RangeError('This is not CBOR.');
    const first = view.getUint8(at);
    at += 1;
    const info = first & 31;
    switch (first >> 5) {
      case 0:
        return wholeNumber(info);
      case 1:
        return -1 - wholeNumber(info);
      case 2:
        if (info !== 31) chunk(info);
        else while (!isAtBreak()) value(depth + 1);
        return undefined;
      case 3: {
        if (info !== 31) return new TextDecoder('utf-8', { fatal: true }).decode(chunk(info));
        let text = '';
        while (!isAtBreak()) text += String(value(depth + 1));
        return text;
      }
      case 4: {
        const list: unknown[] = [];
        each(info, () => list.push(value(depth + 1)));
        return list;
      }
      case 5: {
        const members: [string, unknown][] = [];
        each(info, () => members.push([String(value(depth + 1)), value(depth + 1)]));
        return Object.fromEntries(members);
      }
      case 6:
        wholeNumber(info);
        return value(depth + 1);
      default:
        return simple(info);
    }
  };
  const simple = (info: number): unknown => {
    const from = at;
    switch (info) {
      case 20:
      case 21:
        return info === 21;
      case 22:
        return null;
      case 26:
        at += 4;
        return view.getFloat32(from);
      case 27:
        at += 8;
        return view.getFloat64(from);
      default:
        wholeNumber(info);
        return undefined;
    }
  };
  try {
    const found = value(0);
    return at === bytes.length ? found : undefined;
  } catch {
    return undefined;
  }
}
