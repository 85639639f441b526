import { appendFile, mkdir, realpath, stat, chmod } from 'node:fs/promises';
import { dirname } from 'node:path';
import { awsConfigPath } from './awsConfig.ts';
import { writeDurably } from './durableFile.ts';
import { readIfThere } from './systemFile.ts';

/** The AWS CLI's configuration, to be added to. All reject with the system's error. */
export interface AwsConfigFile {
  readonly path: string;
  read(): Promise<string>;
  /** Adds a section at the end; what is there stays as it is, also where the file is a link. */
  append(lines: readonly string[]): Promise<void>;
  /** Changes its text; nothing is written where that stays as it is. */
  change(edit: (text: string) => string): Promise<void>;
}

export function awsConfigFile(path = awsConfigPath()): AwsConfigFile {
  const read = async (): Promise<string> => (await readIfThere(path)) ?? '';
  return {
    path,
    read,
    append: async (lines) => {
      const before = await read();
      const gap = before === '' ? '' : before.endsWith('\n') ? '\n' : '\n\n';
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await appendFile(path, `${gap}${lines.join('\n')}\n`, { mode: 0o600 });
    },
    change: async (edit) => {
      const before = await read();
      const after = edit(before);
      if (after === before) return;
      const real = await realpath(path); // A link stays one.
      const { mode } = await stat(real);
      await writeDurably(real, after);
      await chmod(real, mode & 0o777);
    },
  };
}
