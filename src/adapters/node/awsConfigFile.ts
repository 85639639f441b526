import { appendFile, chmod, mkdir, readFile, realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { decodeText } from '../../input/decodedText.ts';
import type { Encoding } from '../../input/decodedText.ts';
import { awsConfigPath } from './awsConfig.ts';
import { writeDurably } from './atomicFiles.ts';
import { codeOf } from './systemFile.ts';

/** The AWS CLI's configuration, to be added to. All reject with the system's error. */
export interface AwsConfigFile {
  readonly path: string;
  read(): Promise<string>;
  /** Adds a section at the end; what is there stays as it is, also where the file is a link. */
  append(lines: readonly string[]): Promise<void>;
  /** Changes its text; nothing is written where that stays as it is. */
  change(edit: (text: string) => string): Promise<void>;
}

/** The AWS CLI's configuration file at a path: its own unless given. */
export function awsConfigFile(path = awsConfigPath()): AwsConfigFile {
  const load = async () => readSpelled(path);
  return {
    path,
    read: async () => (await load()).text,
    append: async (lines) => {
      const { text, encoding } = await load();
      const end = text.includes('\r\n') ? '\r\n' : '\n';
      const gap = text === '' ? [] : text.endsWith('\n') ? [''] : ['', ''];
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await appendFile(path, encoded([...gap, ...lines, ''].join(end), encoding), { mode: 0o600 });
    },
    change: async (edit) => {
      const { text, encoding, mark } = await load();
      const after = edit(text);
      if (after === text) return;
      const real = await realpath(path); // A link stays one.
      const { mode } = await stat(real);
      await writeDurably(real, encoded(`${mark}${after}`, encoding));
      await chmod(real, mode & 0o777);
    },
  };
}

/** A text, and how its file spells it: PowerShell and Notepad write UTF-16, and Windows its code page. */
interface Spelled {
  readonly text: string;
  readonly encoding: Encoding;
  /** The byte order mark, where there is one. */
  readonly mark: string;
}

async function readSpelled(path: string): Promise<Spelled> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    bytes = Buffer.alloc(0);
  }
  const { text, encoding } = decodeText(bytes);
  // Of a code page that is not known for sure, every byte stays as it is.
  if (encoding === 'windows-1252') return { text: bytes.toString('latin1'), encoding, mark: '' };
  const hasMark = encoding === 'utf-8-bom' || [0xfe, 0xff].includes(bytes[0] ?? 0);
  return { text, encoding, mark: hasMark ? '\ufeff' : '' };
}

function encoded(text: string, encoding: Encoding): Buffer {
  switch (encoding) {
    case 'utf-8':
    case 'utf-8-bom':
      return Buffer.from(text, 'utf8');
    case 'utf-16le':
      return Buffer.from(text, 'utf16le');
    case 'utf-16be':
      return Buffer.from(text, 'utf16le').swap16();
    case 'windows-1252':
      return Buffer.from(text.replaceAll(/[^\0-\xff]/gu, '?'), 'latin1'); // A low byte alone could be a line end.
  }
}
