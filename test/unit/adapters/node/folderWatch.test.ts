import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { watchFolder } from '../../../../src/adapters/node/folderWatch.ts';
import { settle, settleUntil } from '../../fakes/settle.ts';
import { temporaryFolder } from '../../fakes/temporaryFolder.ts';

const ready = Promise.resolve();
afterEach(() => {
  vi.useRealTimers();
});

describe('watchFolder: a watched folder', () => {
  test('reports the name of a changed file', async () => {
    await using folder = await temporaryFolder();
    const names: (string | undefined)[] = [];
    using _ = watchFolder(folder.path, ready, (name) => names.push(name));
    await settle();
    await writeFile(join(folder.path, 'a.json'), 'text');
    await settleUntil(() => names.includes('a.json'));
  });

  test('that was removed is polled from then on (regression: a recreated folder was not noticed)', async () => {
    await using parent = await temporaryFolder();
    const folder = join(parent.path, 'records');
    await mkdir(folder);
    const names: (string | undefined)[] = [];
    using _ = watchFolder(folder, ready, (name) => names.push(name));
    await settle();
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    await rm(folder, { recursive: true });
    await settleUntil(() => vi.getTimerCount() > 0);
    await mkdir(folder);
    vi.advanceTimersByTime(2000);
    expect(names).toContain(undefined);
  });

  test('is watched only once it is ready', async () => {
    await using folder = await temporaryFolder();
    const names: (string | undefined)[] = [];
    const made = Promise.withResolvers<void>();
    using _ = watchFolder(join(folder.path, '.'), made.promise, (name) => names.push(name));
    await writeFile(join(folder.path, 'a.json'), 'text');
    await settle();
    made.resolve();
    await settle();
    await writeFile(join(folder.path, 'b.json'), 'text');
    await settleUntil(() => names.includes('b.json'));
    expect(names).not.toContain('a.json');
  });

  test('reports nothing after its disposal', async () => {
    await using folder = await temporaryFolder();
    const names: (string | undefined)[] = [];
    const heard: (string | undefined)[] = [];
    const watching = watchFolder(folder.path, ready, (name) => names.push(name));
    using _ = watchFolder(folder.path, ready, (name) => heard.push(name));
    await settle();
    watching[Symbol.dispose]();
    await writeFile(join(folder.path, 'a.json'), 'text');
    await settleUntil(() => heard.includes('a.json'));
    expect(names).toEqual([]);
  });

  test('that is disposed before it is ready is never watched', async () => {
    await using folder = await temporaryFolder();
    const names: (string | undefined)[] = [];
    const heard: (string | undefined)[] = [];
    const made = Promise.withResolvers<void>();
    const watching = watchFolder(folder.path, made.promise, (name) => names.push(name));
    watching[Symbol.dispose]();
    made.resolve();
    using _ = watchFolder(folder.path, ready, (name) => heard.push(name));
    await settle();
    await writeFile(join(folder.path, 'a.json'), 'text');
    await settleUntil(() => heard.includes('a.json'));
    expect(names).toEqual([]);
  });
});

describe('watchFolder: a folder that cannot be watched', () => {
  test('is polled every two seconds until disposed', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    await using folder = await temporaryFolder();
    let looks = 0;
    const watching = watchFolder(join(folder.path, 'missing'), ready, (name) => {
      expect(name).toBeUndefined();
      looks++;
    });
    await settle();
    vi.advanceTimersByTime(2000);
    expect(looks).toBe(1);
    vi.advanceTimersByTime(2000);
    expect(looks).toBe(2);
    watching[Symbol.dispose]();
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(60_000);
    expect(looks).toBe(2);
  });
});
