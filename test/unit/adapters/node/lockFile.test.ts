import { readFile, readlink, unlink, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createLocks, lockPorts, withLockFile } from '../../../../src/adapters/node/lockFile.ts';
import { ownIdentity } from '../../../../src/adapters/node/processIdentity.ts';
import { codeOf } from '../../../../src/adapters/node/systemFile.ts';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import { deadProcess } from '../../fakes/deadProcess.ts';
import { settle } from '../../fakes/settle.ts';
import { temporaryFolder } from '../../fakes/temporaryFolder.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

const never = new AbortController().signal;
const enough = new SignInError('cancelled', { operation: 'test' });

/** A folder with the path of a lock in it. */
async function lockFolder() {
  const folder = await temporaryFolder();
  const lock = join(folder.path, 'a.lock');
  return { folder, lock, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}

/** A lock that `holder` wrote `seconds` ago. */
async function heldBy(lock: string, holder: object | string, seconds = 0): Promise<void> {
  await writeFile(lock, typeof holder === 'string' ? holder : JSON.stringify(holder));
  const then = Date.now() / 1000 - seconds;
  await utimes(lock, then, then);
}

/** Whether the lock is acquired within this number of milliseconds. */
async function isHad(lock: string, milliseconds = 5000): Promise<boolean> {
  const outcome = withLockFile(lock, AbortSignal.timeout(milliseconds), async () => true);
  return outcome.catch(() => false);
}

describe('withLockFile: work under a lock', () => {
  test('holds the lock while it runs, and leaves nothing behind', async () => {
    await using at = await lockFolder();
    const during = await withLockFile(at.lock, never, async () => ({
      names: await at.folder.names(),
      holder: JSON.parse(await readFile(at.lock, 'utf8')) as unknown,
    }));
    expect(during.names).toEqual(['a.lock']);
    expect(during.holder).toMatchObject(await ownIdentity());
    expect(await at.folder.names()).toEqual([]);
  });

  test('runs one at a time, also within one process', async () => {
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

  test('does not wait for a different lock', async () => {
    await using at = await lockFolder();
    const other = join(at.folder.path, 'b.lock');
    expect(await withLockFile(at.lock, never, () => withLockFile(other, never, async () => 'both'))).toBe(
      'both',
    );
  });

  test('releases the lock on failure', async () => {
    await using at = await lockFolder();
    const failure = new SignInError('network');
    expect(await rejectionOf(withLockFile(at.lock, never, () => Promise.reject(failure)))).toBe(failure);
    expect(await at.folder.names()).toEqual([]);
  });

  test('does not remove a lock that another process has taken over', async () => {
    await using at = await lockFolder();
    const another = JSON.stringify({ ...(await ownIdentity()), nonce: 'another' });
    await withLockFile(at.lock, never, async () => {
      await unlink(at.lock);
      await writeFile(at.lock, another);
    });
    expect(await readFile(at.lock, 'utf8')).toBe(another);
  });
});

describe('createLocks: a network file system', () => {
  test('that loses the response to a link, and rejects the second request, does not leave an unowned lock', async () => {
    await using at = await lockFolder();
    const { files } = lockPorts;
    const link: typeof files.link = async (from, to) => {
      await files.link(from, to);
      return false;
    };
    const locks = createLocks({ ...lockPorts, files: { ...files, link } });
    expect(await locks.withLock(at.lock, never, async () => 'done', 2000)).toBe('done');
    expect(await at.folder.names()).toEqual([]);
  });
});

describe('withLockFile: a waiter', () => {
  test('stops with the reason of the signal, and leaves nothing behind', async () => {
    await using at = await lockFolder();
    const asker = new AbortController();
    const held = Promise.withResolvers<undefined>();
    const entered = Promise.withResolvers<undefined>();
    const holding = withLockFile(at.lock, never, () => {
      entered.resolve(undefined);
      return held.promise;
    });
    await entered.promise;
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

  test('that was canceled before does no work', async () => {
    await using at = await lockFolder();
    let isDone = false;
    const outcome = withLockFile(at.lock, AbortSignal.abort(enough), async () => {
      isDone = true;
    });
    expect(await rejectionOf(outcome)).toBe(enough);
    expect([isDone, await at.folder.names()]).toEqual([false, []]);
  });

  test('notices the release at once, not at the next poll', async () => {
    await using at = await lockFolder();
    await heldBy(at.lock, { ...(await ownIdentity()), nonce: 'mine' });
    const waiting = withLockFile(at.lock, never, async () => performance.now());
    while ((await at.folder.names()).length < 2) await settle();
    const releasedAt = performance.now();
    await unlink(at.lock);
    expect((await waiting) - releasedAt).toBeLessThan(1000);
  });

  test('polls so rarely that many waiters leave the processor to the holder', async () => {
    await using at = await lockFolder();
    await heldBy(at.lock, { ...(await ownIdentity()), nonce: 'busy' });
    let now = 0;
    let polls = 0;
    const untilChanged = async (_path: string, milliseconds: number): Promise<void> => {
      now += milliseconds;
      polls += 1;
    };
    const locks = createLocks({
      ...lockPorts,
      monotonic: () => now,
      files: { ...lockPorts.files, untilChanged },
    });
    const kind = await rejectionOf(locks.withLock(at.lock, never, async () => 'in', 10_000));
    expect(kind).toMatchObject({ kind: 'lockBusy' });
    expect(polls).toBeLessThan(30);
  });

  test("in a missing folder gets the system's error code", async () => {
    await using at = await lockFolder();
    const outcome = withLockFile(join(at.folder.path, 'missing', 'a.lock'), never, async () => 'done');
    expect(codeOf(await rejectionOf(outcome))).toBe('ENOENT');
  });
});

describe('withLockFile: a lock', () => {
  test('of a dead process is taken over', async () => {
    await using at = await lockFolder();
    await heldBy(at.lock, { pid: await deadProcess(), startedAt: 'long ago', nonce: 'dead' });
    expect(await isHad(at.lock)).toBe(true);
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

  test('of a process whose ID was reused is taken over, unless it is recent', async () => {
    await using at = await lockFolder();
    await heldBy(at.lock, { pid: process.pid, startedAt: 'another boot 1', nonce: 'earlier' }, 1);
    expect(await isHad(at.lock, 150)).toBe(false);
    await heldBy(at.lock, { pid: process.pid, startedAt: 'another boot 1', nonce: 'earlier' }, 6);
    expect(await isHad(at.lock)).toBe(true);
  });

  test('of a live process is never taken over, however old it is', async () => {
    await using at = await lockFolder();
    await heldBy(at.lock, { ...(await ownIdentity()), nonce: 'live' }, 7 * 24 * 3600);
    expect(await isHad(at.lock, 150)).toBe(false);
  });

  test.each(['', '{"pid":', '{}', '{"pid":"1","startedAt":"","nonce":"n"}', 'null', '[]'])(
    'with the text %j is trusted for ten seconds',
    async (text) => {
      await using at = await lockFolder();
      await heldBy(at.lock, text, 11);
      expect(await isHad(at.lock)).toBe(true);
      expect(await at.folder.names()).toEqual([]);
    },
  );

  test('with invalid text is trusted while it is recent', async () => {
    await using at = await lockFolder();
    await heldBy(at.lock, '{', 1);
    expect(await isHad(at.lock, 150)).toBe(false);
  });
});

/** A holder of another machine or container. */
const elsewhere = {
  pid: process.pid,
  startedAt: 'another boot 1',
  host: 'build-7',
  boot: 'another boot',
  namespace: 'pid:[1]',
};
const patienceError = async (lock: string, milliseconds: number) => {
  const error = await rejectionOf(withLockFile(lock, never, async () => true, milliseconds));
  return error instanceof SignInError ? [error.kind, error.details.holder] : error;
};

describe('withLockFile: 05.08: a lock of another machine or container', () => {
  test.each([0, 6, 3600, -3600])(
    'whose process is unknown here is trusted when %d seconds old',
    async (seconds) => {
      await using at = await lockFolder();
      await heldBy(at.lock, { ...elsewhere, pid: await deadProcess(), nonce: 'theirs' }, seconds);
      expect(await isHad(at.lock, 150)).toBe(false);
    },
  );

  test("of the same PID namespace before a reboot counts as another machine's", async () => {
    await using at = await lockFolder();
    await heldBy(at.lock, { ...(await ownIdentity()), boot: 'another boot', nonce: 'theirs' }, 3600);
    expect(await isHad(at.lock, 150)).toBe(false);
  });

  test('05.09: that stays is reported, with its holder, after the timeout', async () => {
    await using at = await lockFolder();
    await heldBy(at.lock, { ...elsewhere, nonce: 'theirs' });
    expect(await patienceError(at.lock, 100)).toEqual(['lockBusy', { pid: process.pid, host: 'build-7' }]);
    expect(await at.folder.names()).toEqual(['a.lock']);
  });

  test('with an invalid host name is shown as a short line', async () => {
    await using at = await lockFolder();
    await heldBy(at.lock, { ...elsewhere, host: `a\n\u202e${'b'.repeat(200)}`, nonce: 'theirs' });
    const [, holder] = (await patienceError(at.lock, 50)) as [string, { host: string }];
    expect(holder.host).toBe(`a ${'b'.repeat(62)}`);
  });
});

describe('withLockFile: 05.09: a lock that is never released', () => {
  test("is waited for up to a limit, even if its holder's ID is always alive", async () => {
    await using at = await lockFolder();
    const pid = process.platform === 'win32' ? process.ppid : 1; // The first process, which does not exist on Windows.
    await heldBy(at.lock, { pid, startedAt: '', nonce: 'odd' }, 60);
    expect(await patienceError(at.lock, 100)).toEqual(['lockBusy', { pid, host: hostname() }]);
  });

  test.each([0, -1, 1.5, 2 ** 40])('is invalid if its process is %d', async (pid) => {
    await using at = await lockFolder();
    await heldBy(at.lock, { pid, startedAt: '', nonce: 'odd' }, 11);
    expect(await isHad(at.lock)).toBe(true);
  });

  test('is invalid if its name would be a path', async () => {
    await using at = await lockFolder();
    await heldBy(at.lock, { pid: await deadProcess(), startedAt: '', nonce: '/../../evil' }, 11);
    expect(await isHad(at.lock)).toBe(true);
    expect(await at.folder.names()).toEqual([]);
  });
});

test('a lock contains the boot, the host and the PID namespace of its holder', async () => {
  await using at = await lockFolder();
  const text = await withLockFile(at.lock, never, () => readFile(at.lock, 'utf8'));
  const { host, boot, namespace } = JSON.parse(text) as Record<string, string>;
  expect(host).toBe(hostname());
  if (process.platform !== 'linux') return;
  expect(boot).toBe((await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim());
  expect(namespace).toContain(await readlink('/proc/self/ns/pid'));
});

test('a candidate that another window removed is written again', async () => {
  await using at = await lockFolder();
  await heldBy(at.lock, { ...(await ownIdentity()), nonce: 'mine' });
  const waiting = withLockFile(at.lock, never, async () => 'done');
  let candidate: string | undefined;
  while (candidate === undefined) {
    await settle();
    candidate = (await at.folder.names()).find((name) => name.startsWith('a.lock.'));
  }
  await unlink(join(at.folder.path, candidate));
  await unlink(at.lock);
  expect(await waiting).toBe('done');
  expect(await at.folder.names()).toEqual([]);
});
