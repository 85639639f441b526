import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { writeDurably } from '../../../../src/adapters/node/atomicFiles.ts';
import { codeOf, readIfThere } from '../../../../src/adapters/node/systemFile.ts';
import { temporaryFolder } from '../../fakes/temporaryFolder.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

describe('writeDurably: a durable file', () => {
  test('is read back, and nothing else is left in its folder', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'a.json');
    await writeDurably(path, 'first');
    await writeDurably(path, 'second, in any script: 世界');
    expect(await readIfThere(path)).toBe('second, in any script: 世界');
    expect(await folder.names()).toEqual(['a.json']);
  });

  test.skipIf(process.platform === 'win32')('is readable by its owner only', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'a.json');
    await writeFile(path, 'open to all', { mode: 0o644 });
    await writeDurably(path, 'secret');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test('is never seen in part, however many write it', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'a.json');
    const texts = Array.from({ length: 10 }, (_, i) => String(i).repeat(20_000));
    await writeDurably(path, texts[0] ?? '');
    const writing = Promise.all(texts.map((text) => writeDurably(path, text)));
    const seen: (string | undefined)[] = [];
    for (let looks = 0; looks < 30; looks++) seen.push(await readIfThere(path));
    await writing;
    expect(seen.every((text) => text !== undefined && texts.includes(text))).toBe(true);
    expect(await folder.names()).toEqual(['a.json']);
  });

  test('that cannot be written says why, leaves no trace, and the old one stays', async () => {
    await using folder = await temporaryFolder();
    const inTheWay = join(folder.path, 'a.json');
    await mkdir(join(inTheWay, 'more'), { recursive: true });
    expect(await rejectionOf(writeDurably(inTheWay, 'text'))).toHaveProperty('code');
    expect(await folder.names()).toEqual(['a.json']);
  });

  test('in a folder that is not there says so', async () => {
    await using folder = await temporaryFolder();
    const outcome = writeDurably(join(folder.path, 'missing', 'a.json'), 'text');
    expect(codeOf(await rejectionOf(outcome))).toBe('ENOENT');
  });
});
