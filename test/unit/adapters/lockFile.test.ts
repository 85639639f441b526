import { readFile, unlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { withLockFile } from '../../../src/adapters/lockFile.ts';
import { ownIdentity } from '../../../src/adapters/processIdentity.ts';
import { codeOf } from '../../../src/adapters/systemFile.ts';
import { SignInError } from '../../../src/core/errors.ts';
import { deadProcess } from '../fakes/deadProcess.ts';
import { settle } from '../fakes/settle.ts';
import { temporaryFolder } from '../fakes/temporaryFolder.ts';
import { rejectionOf } from '../fakes/thrownBy.ts';

const never = new AbortController().signal;
const enough = new SignInError('cancelled', { operation: 'test' });

/** A folder with the path of a lock in it. */
async function lockFolder() {
  const folder = await temporaryFolder();
  const lock = join(folder.path, 'a.lock');
  return { folder, lock, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}

/** A lock as `holder` wrote it `seconds` ago. */
async function heldBy(lock: string, holder: object | string, seconds = 0): Promise<void> {
  await writeFile(lock, typeof holder === 'string' ? holder : JSON.stringify(holder));
  const then = Date.now() / 1000 - seconds;
  await utimes(lock, then, then);
}

/** Whether the lock is had within a moment; whoever waits longer is sent away. */
async function isHadSoon(lock: string): Promise<boolean> {
  const outcome = withLockFile(lock, AbortSignal.timeout(150), async () => true);
  return outcome.catch(() => false);
}

describe('work under a lock', () => {
  test('has the lock while it is done, and nothing is left after it', async () => {
    await using at = await lockFolder();
    const during = await withLockFile(at.lock, never, async () => ({
      names: await at.folder.names(),
      holder: JSON.parse(await readFile(at.lock, 'utf8')) as unknown,
    }));
    expect(during.names).toEqual(['a.lock']);
    expect(during.holder).toMatchObject(await ownIdentity());
    expect(await at.folder.names()).toEqual([]);
  });

  test('is done by one at a time, also in one process', async () => {
    await using at = await lockFolder();
    let inside = 0;
    let most = 0;
    let done = 0;
    const work = async (): Promise<void> => {
      most = Math.max(most, ++inside);
      await settle();
      inside--;
      done++;
    };
    await Promise.all(Array.from({ length: 8 }, () => withLockFile(at.lock, never, work)));
    expect([most, done]).toEqual([1, 8]);
    expect(await at.folder.names()).toEqual([]);
  });

  test('of another lock is not waited for', async () => {
    await using at = await lockFolder();
    const other = join(at.folder.path, 'b.lock');
    expect(await withLockFile(at.lock, never, () => withLockFile(other, never, async () => 'both'))).toBe(
      'both',
    );
  });

  test('that fails gives the lock back', async () => {
    await using at = await lockFolder();
    const failure = new SignInError('network');
    expect(await rejectionOf(withLockFile(at.lock, never, () => Promise.reject(failure)))).toBe(failure);
    expect(await at.folder.names()).toEqual([]);
  });

  test('does not take away a lock that is another’s by now', async () => {
    await using at = await lockFolder();
    const another = JSON.stringify({ ...(await ownIdentity()), nonce: 'another' });
    await withLockFile(at.lock, never, async () => {
      await unlink(at.lock);
      await writeFile(at.lock, another);
    });
    expect(await readFile(at.lock, 'utf8')).toBe(another);
  });
});

describe('who waits', () => {
  test('gives up with the reason of the signal, and leaves nothing behind', async () => {
    await using at = await lockFolder();
    const asker = new AbortController();
    const held = Promise.withResolvers<undefined>();
    const holding = withLockFile(at.lock, never, () => held.promise);
    let isDone = false;
    const waiting = withLockFile(at.lock, asker.signal, async () => {
      isDone = true;
    });
    while ((await at.folder.names()).length < 2) await settle();
    asker.abort(enough);
    expect(await rejectionOf(waiting)).toBe(enough);
    expect(await at.folder.names()).toEqual(['a.lock']);
    held.resolve(undefined);
    await holding;
    expect(isDone).toBe(false);
  });

  test('and gave up before does no work', async () => {
    await using at = await lockFolder();
    let isDone = false;
    const outcome = withLockFile(at.lock, AbortSignal.abort(enough), async () => {
      isDone = true;
    });
    expect(await rejectionOf(outcome)).toBe(enough);
    expect([isDone, await at.folder.names()]).toEqual([false, []]);
  });

  test('hears of the release at once, not at the next look', async () => {
    await using at = await lockFolder();
    await heldBy(at.lock, { ...(await ownIdentity()), nonce: 'mine' });
    const waiting = withLockFile(at.lock, never, async () => performance.now());
    while ((await at.folder.names()).length < 2) await settle();
    const releasedAt = performance.now();
    await unlink(at.lock);
    expect((await waiting) - releasedAt).toBeLessThan(1000);
  });

  test('in a folder that is not there hears the code of the system', async () => {
    await using at = await lockFolder();
    const outcome = withLockFile(join(at.folder.path, 'missing', 'a.lock'), never, async () => 'done');
    expect(codeOf(await rejectionOf(outcome))).toBe('ENOENT');
  });
});

describe('a lock', () => {
  test('of a dead process is taken over', async () => {
    await using at = await lockFolder();
    await heldBy(at.lock, { pid: await deadProcess(), startedAt: 'long ago', nonce: 'dead' });
    expect(await isHadSoon(at.lock)).toBe(true);
    expect(await at.folder.names()).toEqual([]);
  });

  test('of a dead process is taken over by one of many', async () => {
    await using at = await lockFolder();
    await heldBy(at.lock, { pid: await deadProcess(), startedAt: 'long ago', nonce: 'dead' });
    let inside = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      most = Math.max(most, ++inside);
      await settle();
      inside--;
    };
    await Promise.all(Array.from({ length: 6 }, () => withLockFile(at.lock, never, work)));
    expect(most).toBe(1);
    expect(await at.folder.names()).toEqual([]);
  });

  test('of a process whose id was given to another is taken over, once it is not young', async () => {
    await using at = await lockFolder();
    await heldBy(at.lock, { pid: process.pid, startedAt: 'another boot 1', nonce: 'earlier' }, 1);
    expect(await isHadSoon(at.lock)).toBe(false);
    await heldBy(at.lock, { pid: process.pid, startedAt: 'another boot 1', nonce: 'earlier' }, 6);
    expect(await isHadSoon(at.lock)).toBe(true);
  });

  test('of a live process is never taken over, however old it is', async () => {
    await using at = await lockFolder();
    await heldBy(at.lock, { ...(await ownIdentity()), nonce: 'live' }, 7 * 24 * 3600);
    expect(await isHadSoon(at.lock)).toBe(false);
  });

  test.each(['', '{"pid":', '{}', '{"pid":"1","startedAt":"","nonce":"n"}', 'null', '[]'])(
    'whose text is %j is believed for ten seconds',
    async (text) => {
      await using at = await lockFolder();
      await heldBy(at.lock, text, 11);
      expect(await isHadSoon(at.lock)).toBe(true);
      expect(await at.folder.names()).toEqual([]);
    },
  );

  test('whose text is none is believed while it is young', async () => {
    await using at = await lockFolder();
    await heldBy(at.lock, '{', 1);
    expect(await isHadSoon(at.lock)).toBe(false);
  });
});
