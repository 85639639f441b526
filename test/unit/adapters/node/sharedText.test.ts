import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createSharedText } from '../../../../src/adapters/node/sharedText.ts';
import { temporaryFolder } from '../../fakes/temporaryFolder.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

const { signal } = new AbortController();

describe('createSharedText: a text shared by all windows', () => {
  test('is missing at first, and creates its folder when written', async () => {
    await using folder = await temporaryFolder();
    const text = createSharedText(join(folder.path, 'setup', 'a.json'));
    expect(await text.read()).toBeUndefined();
    expect(await folder.names()).toEqual([]);
    await text.change((before) => `${before ?? 'none'}, first`, signal);
    expect(await text.read()).toBe('none, first');
  });

  test('is changed by one window at a time, based on the previous change', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'a.json');
    const windows = Array.from({ length: 8 }, () => createSharedText(path));
    await Promise.all(windows.map((one) => one.change((before) => `${before ?? ''}x`, signal)));
    expect(await createSharedText(path).read()).toBe('xxxxxxxx');
    expect(await folder.names()).toEqual(['a.json']);
  });

  test('is not written without a change', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'a.json');
    await writeFile(path, 'as it was');
    const { mtimeMs, ino } = await stat(path);
    await createSharedText(path).change((before) => before ?? '', signal);
    expect(await stat(path)).toMatchObject({ mtimeMs, ino });
  });

  test('reports why it cannot be written', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'a.json');
    await mkdir(path);
    const text = createSharedText(path);
    expect(await rejectionOf(text.change(() => 'x', signal))).toMatchObject({ code: 'EISDIR' });
  });
});
