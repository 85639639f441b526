import { appendFile, chmod, mkdir, readFile, realpath, stat, truncate } from 'node:fs/promises';
import { dirname } from 'node:path';
import { decodeText } from '../../input/decodedText.ts';
import type { Encoding } from '../../input/decodedText.ts';
import { awsConfigPath } from './awsConfig.ts';
import { writeDurably } from './atomicFiles.ts';
import { codeOf, throwIfEndless } from './systemFile.ts';

/** The AWS CLI's configuration file, for editing. All methods reject with the system's error. */
export interface AwsConfigFile {
  readonly path: string;
  read(): Promise<string>;
  /** Appends a section. The rest of the file, and a symbolic link to it, are preserved. */
  append(lines: readonly string[]): Promise<void>;
  /** Edits the text; writes nothing if it stays the same. */
  change(edit: (text: string) => string): Promise<void>;
}

/** The configuration file at a path; by default, the AWS CLI's own. */
export function awsConfigFile(path = awsConfigPath()): AwsConfigFile {
  const load = () => readDecoded(path);
  return {
    path,
    read: async () => (await load()).text,
    append: async (lines) => {
      const { text, encoding, size } = await load();
      const end = text.includes('\r\n') ? '\r\n' : '\n';
      const gap = text === '' ? [] : text.endsWith('\n') ? [''] : ['', ''];
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const added = encoded([...gap, ...lines, ''].join(end), encoding);
      try {
        await appendFile(path, added, { mode: 0o600 });
      } catch (error) {
        // A full disk may take a part of it, such as half an address. Bytes of another program stay.
        const part = (await readFile(path).catch(() => Buffer.alloc(0))).subarray(size);
        const isOurs = part.length > 0 && part.equals(added.subarray(0, part.length));
        if (isOurs) await truncate(path, size).catch(() => undefined);
        throw error;
      }
    },
    change: async (edit) => {
      const { text, encoding, mark } = await load();
      const after = edit(text);
      if (after === text) return;
      const real = await realpath(path); // Write to the target, to preserve a symbolic link.
      const { mode } = await stat(real);
      await writeDurably(real, encoded(`${mark}${after}`, encoding));
      await chmod(real, mode & 0o777);
    },
  };
}

/** A text and its encoding in the file: PowerShell and Notepad write UTF-16, or the code page of Windows. */
interface DecodedConfig {
  readonly text: string;
  readonly encoding: Encoding;
  /** The byte order mark, if any. */
  readonly mark: string;
  /** In bytes. */
  readonly size: number;
}

async function readDecoded(path: string): Promise<DecodedConfig> {
  let bytes: Buffer;
  try {
    await throwIfEndless(path);
    bytes = await readFile(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    bytes = Buffer.alloc(0);
  }
  const { text, encoding } = decodeText(bytes);
  const { length: size } = bytes;
  // The code page is only a guess, so preserve every byte.
  if (encoding === 'windows-1252') return { text: bytes.toString('latin1'), encoding, mark: '', size };
  const hasMark = encoding === 'utf-8-bom' || [0xfe, 0xff].includes(bytes[0] ?? 0);
  return { text, encoding, mark: hasMark ? '\ufeff' : '', size };
}

function encoded(text: string, encoding: Encoding): Buffer {
  // The low byte of a wide character could be read as a line end.
  if (encoding === 'windows-1252') return Buffer.from(text.replaceAll(/[^\0-\xff]/gu, '?'), 'latin1');
  const bytes = Buffer.from(text, encoding.startsWith('utf-8') ? 'utf8' : 'utf16le');
  return encoding === 'utf-16be' ? bytes.swap16() : bytes;
}
