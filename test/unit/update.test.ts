import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createAwsCliCache } from '../../src/adapters/node/awsCliCache.ts';
import { withLockFile } from '../../src/adapters/node/lockFile.ts';
import { createSealedRecords } from '../../src/adapters/node/sealedRecords.ts';
import { connectionKey } from '../../src/core/connection/connection.ts';
import type { LostSession, Session } from '../../src/core/session/session.ts';
import { createSessionStore } from '../../src/core/session/sessionStore.ts';
import { Sessions } from '../../src/core/session/sessions.ts';
import { hour, january } from './fakes/examples.ts';
import { fakeLog } from './fakes/fakeLog.ts';
import { fakeSecrets } from './fakes/fakeSecrets.ts';
import { fakePorts } from './fakes/sessionsWorld.ts';
import { temporaryFolder } from './fakes/temporaryFolder.ts';
import { withoutOldCopies } from '../../src/features/oldCopies.ts';
import { migrateRecord } from '../../src/features/oldRecords.ts';

const fixtures = join(import.meta.dirname, '../fixtures/0.1.0');
const never = new AbortController().signal;

interface Expected {
  readonly sessions: readonly Session[];
  readonly lost: readonly LostSession[];
  readonly states: Readonly<Record<string, string>>;
}

async function read<T>(...path: string[]): Promise<T> {
  return JSON.parse(await readFile(join(fixtures, ...path), 'utf8')) as T;
}

/** The first window after an update, with a copy of a 0.1.0 folder from the fixtures. */
async function updated(name: string, secretsFile = 'secrets.json') {
  const folder = await temporaryFolder();
  const sessionsFolder = join(folder.path, 'sessions');
  await mkdir(sessionsFolder);
  await cp(join(fixtures, name, 'sessions'), sessionsFolder, { recursive: true }).catch(() => undefined);
  const secrets = fakeSecrets(await read(name, secretsFile));
  const log = fakeLog();
  const records = createSealedRecords(sessionsFolder, { secrets, log, onProblem: () => undefined });
  const { ports } = fakePorts();
  await ports.clock.advance(hour / 6); // The fixtures' live sessions started at `january`.
  const store = createSessionStore(withoutOldCopies(records, secrets), log, async (record) =>
    migrateRecord(record),
  );
  const sessions = new Sessions({ ...ports, log, secrets, store });
  return {
    sessions,
    secrets,
    records,
    store,
    folder: sessionsFolder,
    expected: await read<Expected>(name, 'expected.json'),
    [Symbol.asyncDispose]: async () => {
      sessions[Symbol.dispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

const byConnection = (one: Session, other: Session): number =>
  `${connectionKey(one.connection)} ${one.id}`.localeCompare(
    `${connectionKey(other.connection)} ${other.id}`,
  );
/**
 * The parts of a session that must survive: IDs, labels and names of error kinds may change. Tokens of an ended
 * session are removed from its record soon after it is read.
 */
const kept = (sessions: readonly Session[]) =>
  [...sessions].sort(byConnection).map(({ type, tokenSet, connection, ended, signedInAt, history }) => ({
    type,
    tokenSet: ended === undefined ? tokenSet : tokenSet.scopes,
    connection: connectionKey(connection),
    signedInAt,
    refreshes: history?.map(({ at }) => at),
    endedAt: ended?.at,
    endedAtHost: ended?.host,
  }));

describe('an update from 0.1.0', () => {
  test('keeps all sessions: live and ended, of both providers, in both record versions', async () => {
    await using at = await updated('desktop');
    const { sessions, lost } = await at.sessions.list();
    expect(at.expected.sessions).toHaveLength(14);
    expect(kept(sessions)).toEqual(kept(at.expected.sessions));
    // 0.1.0 hid its damaged record, and kept a copy of its tokens that nothing read.
    expect(lost).toMatchObject([{ accountLabel: 'fay@example.com', isUnreadable: true }]);
    expect([...at.secrets.map.keys()].filter((name) => name.startsWith('aside:'))).toEqual([]);
  });

  test("serves a live session's token at once, with the ID that it lists", async () => {
    await using at = await updated('desktop');
    const live = (await at.sessions.list()).sessions.filter(({ ended }) => ended === undefined);
    expect(live).toHaveLength(8);
    for (const { id, tokenSet } of live)
      expect((await at.sessions.withFreshToken(id, never)).tokenSet).toEqual(tokenSet);
  });

  test('keeps a signed-out session signed out, without reporting it as lost', async () => {
    await using at = await updated('desktop');
    const { sessions } = await at.sessions.list();
    expect(sessions.some(({ tokenSet }) => tokenSet.refreshToken === 'refresh token of okta-removed')).toBe(
      false,
    );
  });

  test('shows why a session ended, with a current error kind', async () => {
    await using at = await updated('desktop');
    const kinds = (await at.sessions.list()).sessions.flatMap(({ ended }) => (ended ? [ended.kind] : []));
    expect(kinds.sort()).toEqual([
      'credentialStoreLost',
      'grantRevoked',
      'invalidResponse',
      'notAssigned',
      'registrationRefused',
      'requestRefused',
    ]);
  });

  test('can write a session again, by its own window and next to a window of 0.1.0', async () => {
    await using at = await updated('desktop');
    const [session] = (await at.sessions.list()).sessions;
    if (session === undefined) throw new Error('The fixtures hold sessions');
    await at.store.put({ ...session, warnedAt: january });
    expect(kept((await at.sessions.list()).sessions)).toEqual(kept(at.expected.sessions));
    // 0.1.0's schema for a file ignores unknown members.
    const file = JSON.parse(await readFile(join(at.folder, `${session.id}.json`), 'utf8')) as object;
    expect(file).toMatchObject({ version: 1, generation: expect.any(Number) as number, removed: false });
  });

  test('reads the existing token cache of the AWS CLI', async () => {
    await using home = await temporaryFolder();
    await cp(join(fixtures, 'desktop/home/aws'), join(home.path, '.aws'), { recursive: true });
    expect(await createAwsCliCache(home.path).read('example')).toMatchObject({
      accessToken: 'access token of idc-live 2',
      refreshToken: 'refresh token of idc-live 2',
    });
  });

  test('lets a window of code-server read the newest record from its file, whatever its secret', async () => {
    await using at = await updated('codeServer', 'secrets.late.json');
    expect(kept((await at.sessions.list()).sessions)).toEqual(kept(at.expected.sessions));
  });

  test('lets a window whose key does not open the newest file use what it has, without spending it', async () => {
    await using at = await updated('codeServer', 'secrets.otherKey.json');
    const [session] = (await at.sessions.list()).sessions;
    expect(session?.tokenSet.refreshToken).toBe('refresh token of code-server');
    expect((await at.store.get(session?.id ?? ''))?.newest).toBe(false);
  });

  test('reads a session that is only in the keyring or only in the file', async () => {
    for (const name of ['onlyFile', 'onlySecret']) {
      await using at = await updated(name);
      expect(kept((await at.sessions.list()).sessions)).toEqual(kept(at.expected.sessions));
      expect(at.expected.sessions).toHaveLength(1);
    }
  });

  test('reports a session lost by an in-memory keyring as lost, with its details', async () => {
    await using at = await updated('memoryKeyring');
    const { sessions, lost } = await at.sessions.list();
    expect(sessions).toEqual([]);
    expect(lost.map(({ connection }) => connection)).toEqual(
      at.expected.lost.map(({ connection }) => connection),
    );
  });
});

describe('a lock of 0.1.0', () => {
  const longAgo = new Date(Date.now() - 60_000);

  test('is taken over if its process was killed, whatever files it left', async () => {
    await using folder = await temporaryFolder();
    for (const name of await readdir(join(fixtures, 'locks'))) {
      await cp(join(fixtures, 'locks', name), join(folder.path, name));
      await utimes(join(folder.path, name), longAgo, longAgo);
    }
    expect(
      await withLockFile(join(folder.path, 'dead.lock'), AbortSignal.timeout(5000), async () => 'mine'),
    ).toBe('mine');
  });

  test('is respected while its process lives', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'live.lock');
    // The owner's identification in the format of 0.1.0.
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    const startedAt = await startOf(child.pid ?? 0);
    const { nonce } = await read<{ readonly nonce: string }>('locks', 'live.lock');
    await writeFile(path, JSON.stringify({ pid: child.pid, startedAt, nonce }));
    await utimes(path, longAgo, longAgo);
    await expect(withLockFile(path, AbortSignal.timeout(500), async () => 'mine')).rejects.toThrow();
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await withLockFile(path, AbortSignal.timeout(5000), async () => 'mine')).toBe('mine');
  });
});

/** The start time of a process in 0.1.0's format, if the system has it; otherwise '', as in 0.1.0. */
async function startOf(pid: number): Promise<string> {
  if (process.platform !== 'linux') return '';
  const line = await readFile(`/proc/${pid}/stat`, 'utf8');
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
  return `${boot.trim()} ${line.slice(line.lastIndexOf(')') + 2).split(' ')[19] ?? ''}`;
}
