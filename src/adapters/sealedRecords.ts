import { access, constants, mkdir, readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import * as v from 'valibot';
import { SignInError } from '../core/errors.ts';
import type { Log, RecordReading, SecretStore, SessionRecords } from '../core/ports.ts';
import { codeOf, readIfThere, writeDurably } from './durableFile.ts';
import { watchFolder } from './folderWatch.ts';
import { withLockFile } from './lockFile.ts';
import { createSealingKey, parseSealingKey, seal, unseal } from './sealing.ts';
import type { SealingKey } from './sealing.ts';

/** How a window's trouble with its keyring or disk reaches the person; each is said once. */
export type StorageTrouble = 'keyring' | 'disk';

interface SealedRecordsPorts {
  readonly secrets: SecretStore;
  readonly log: Log;
  readonly onTrouble: (trouble: StorageTrouble) => void;
}

const secretPrefix = 'session:';
const keyName = 'sealingKey';
const litterMilliseconds = 3600_000;
/** A desktop's other windows know a new secret 100 ms after it was stored (PROTOCOL.md, 4). */
const spreadMilliseconds = 300;

const fileSchema = v.variant('removed', [
  v.object({ version: v.literal(1), generation: v.number(), removed: v.literal(true) }),
  v.object({
    version: v.literal(1),
    generation: v.number(),
    removed: v.literal(false),
    about: v.string(),
    key: v.string(),
    iv: v.string(),
    tag: v.string(),
    data: v.string(),
  }),
]);
type RecordFile = v.InferOutput<typeof fileSchema>;
const secretSchema = v.object({ generation: v.number(), record: v.string() });
type RecordSecret = v.InferOutput<typeof secretSchema>;

/**
 * Session records in two places: SecretStorage, where they belong, and beside it a file per session, sealed with a
 * key that is in SecretStorage. The file carries what SecretStorage tells other windows late (desktop) or only
 * after a reload (code-server). Each write has the next generation number; a reader takes the newer of the two, and
 * a file that says a record was removed outlives the record in another window's memory.
 */
export function createSealedRecords(folder: string, ports: SealedRecordsPorts): SessionRecords {
  const { secrets, log } = ports;
  const listeners = new Set<() => void>();
  /** What could not be put into the keyring lives here, in this window, until it ends. */
  const memory = new Map<string, RecordSecret>();
  /** The highest generation that this window has met, for a moment in which the disk does not tell. */
  const met = new Map<string, number>();
  const troubles = new Set<StorageTrouble>();
  const pathOf = (id: string): string => join(folder, `${id}.json`);

  const trouble = (which: StorageTrouble, error: unknown): void => {
    if (troubles.has(which)) return;
    troubles.add(which);
    log.error(which === 'keyring' ? 'The keyring cannot be used' : 'The storage folder cannot be used', {
      code: codeOf(error),
    });
    ports.onTrouble(which);
  };
  const changed = (): void => {
    for (const listener of listeners) listener();
  };
  /** False when there is none to be had: then SecretStorage is all there is, and there is nothing to lock. */
  const hasFolder = openFolder(folder).then(
    () => true,
    (error: unknown) => {
      trouble('disk', error);
      return false;
    },
  );
  const ready = hasFolder.then(() => undefined);
  const key = createKeyring(folder, secrets, hasFolder, (error) => {
    trouble('keyring', error);
  });

  void key.current(); // Made before another window opens: code-server tells a window of a new secret only at a reload.

  const readSecret = async (id: string): Promise<RecordSecret | undefined> => {
    const kept = memory.get(id);
    if (kept !== undefined) return kept;
    try {
      return parseSecret(await secrets.get(secretPrefix + id));
    } catch (error) {
      trouble('keyring', error);
      return undefined;
    }
  };
  /** `unreadable`: there is one, and the disk does not give it now. */
  const readFile = async (id: string): Promise<RecordFile | 'unreadable' | undefined> => {
    try {
      return parseFile(await readIfThere(pathOf(id)));
    } catch (error) {
      trouble('disk', error);
      return (await hasFolder) ? 'unreadable' : undefined;
    }
  };
  const writeFile = async (id: string, file: RecordFile): Promise<boolean> => {
    try {
      await writeDurably(pathOf(id), JSON.stringify(file));
      return true;
    } catch (error) {
      trouble('disk', error);
      return false;
    }
  };
  const look = async (id: string) => {
    const [file, secret] = await Promise.all([readFile(id), readSecret(id)]);
    const inFile = file === 'unreadable' ? undefined : file?.generation;
    met.set(id, Math.max(met.get(id) ?? 0, inFile ?? 0, secret?.generation ?? 0));
    return { file, secret };
  };
  const nextGeneration = async (id: string): Promise<number> => {
    await look(id);
    return (met.get(id) ?? 0) + 1;
  };

  const read = async (id: string): Promise<RecordReading> => {
    await ready;
    const { file, secret } = await look(id);
    if (file === 'unreadable') {
      // What it holds may be newer than the secret, which is good enough to be served, but never to be spent.
      if (secret === undefined) throw new SignInError('storage', { operation: 'session' });
      return { state: 'older', record: secret.record };
    }
    if (file === undefined) {
      return secret === undefined ? { state: 'absent' } : { state: 'newest', record: secret.record };
    }
    if (secret !== undefined && secret.generation >= file.generation && !file.removed) {
      return { state: 'newest', record: secret.record };
    }
    if (file.removed) {
      const signedInLater = secret !== undefined && secret.generation > file.generation;
      return signedInLater ? { state: 'newest', record: secret.record } : { state: 'absent' };
    }
    const own = await key.current();
    const record = own === undefined ? undefined : unseal(file, own, contextOf(id, file.generation));
    if (record !== undefined) return { state: 'newest', record };
    return secret === undefined
      ? { state: 'lost', about: file.about }
      : { state: 'older', record: secret.record };
  };

  return {
    read,
    ids: async () => {
      await ready;
      const files = await readdir(folder).catch(() => []);
      const keys = await secrets.keys().catch((error: unknown) => {
        trouble('keyring', error);
        return [];
      });
      const names = [
        ...files.filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -'.json'.length)),
        ...keys
          .filter((name) => name.startsWith(secretPrefix))
          .map((name) => name.slice(secretPrefix.length)),
        ...memory.keys(),
      ];
      return [...new Set(names)];
    },
    write: async (id, record, about) => {
      await ready;
      const generation = await nextGeneration(id);
      const own = await key.current();
      const isOnDisk =
        own !== undefined &&
        (await writeFile(id, {
          version: 1,
          generation,
          removed: false,
          about,
          ...seal(record, own, contextOf(id, generation)),
        }));
      try {
        await secrets.set(secretPrefix + id, JSON.stringify({ generation, record }));
        memory.delete(id);
      } catch (error) {
        trouble('keyring', error);
        if (!isOnDisk) memory.set(id, { generation, record });
      }
      changed();
    },
    remove: async (id) => {
      await ready;
      const generation = await nextGeneration(id);
      memory.delete(id);
      await writeFile(id, { version: 1, generation, removed: true });
      await secrets.delete(secretPrefix + id).catch((error: unknown) => {
        trouble('keyring', error);
      });
      changed();
    },
    alone: async (id, signal, work) => {
      // One window on its own is better than no sign-in. A disk that fails once is no reason to go without a lock.
      if (!(await hasFolder)) return work();
      return withLockFile(join(folder, `${id}.lock`), signal, work).catch((error: unknown) => {
        if (error instanceof SignInError || codeOf(error) === undefined) throw error;
        trouble('disk', error);
        throw new SignInError('storage', { operation: 'session', code: codeOf(error) ?? '' }, error);
      });
    },
    onDidChange: (listener) => {
      listeners.add(listener);
      const inSecrets = secrets.onDidChange((name) => {
        if (name.startsWith(secretPrefix) || name === keyName) listener();
      });
      const inFolder = watchFolder(folder, ready, (name) => {
        if (name === undefined || name.endsWith('.json')) listener();
      });
      return {
        [Symbol.dispose]: () => {
          listeners.delete(listener);
          inSecrets[Symbol.dispose]();
          inFolder[Symbol.dispose]();
        },
      };
    },
  };
}

/** Makes the folder, and makes sure that it can be written to. */
async function openFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await access(folder, constants.R_OK | constants.W_OK);
  await sweep(folder);
}

/** The one sealing key of this machine, made by the first window that finds none. */
function createKeyring(
  folder: string,
  secrets: SecretStore,
  hasFolder: Promise<boolean>,
  onTrouble: (error: unknown) => void,
): { current(): Promise<SealingKey | undefined> } {
  const stored = async (): Promise<SealingKey | undefined> => {
    const text = await secrets.get(keyName);
    return text === undefined ? undefined : parseSealingKey(text);
  };
  const findOrMake = async (): Promise<SealingKey | undefined> => {
    const found = await stored();
    if (found !== undefined || !(await hasFolder)) return found;
    return withLockFile(join(folder, 'key.lock'), AbortSignal.timeout(10_000), async () => {
      const another = await stored();
      if (another !== undefined) return another;
      const made = createSealingKey();
      isMaking = true;
      try {
        await secrets.set(keyName, made.bytes.toString('base64'));
        // Nothing is sealed before the key has left this window's memory; the next window here finds it and makes none.
        await wait(spreadMilliseconds);
      } finally {
        isMaking = false;
      }
      return (await stored()) ?? made;
    });
  };
  let current: Promise<SealingKey | undefined> | undefined;
  let isMaking = false;
  secrets.onDidChange((name) => {
    if (name === keyName && !isMaking) current = undefined;
  });
  return {
    current: () => {
      current ??= findOrMake().catch((error: unknown) => {
        current = undefined; // A keyring that was locked may be open at the next time.
        onTrouble(error);
        return undefined;
      });
      return current;
    },
  };
}

/** What a seal is bound to: a file copied to another name, or an old one put back as a newer, does not open. */
function contextOf(id: string, generation: number): string {
  return `${id} ${generation}`;
}

/** A record of before generations were counted is generation 0. */
function parseSecret(text: string | undefined): RecordSecret | undefined {
  if (text === undefined) return undefined;
  const parsed = v.safeParse(secretSchema, parseJson(text));
  return parsed.success ? parsed.output : { generation: 0, record: text };
}

function parseFile(text: string | undefined): RecordFile | undefined {
  const parsed = v.safeParse(fileSchema, text === undefined ? undefined : parseJson(text));
  return parsed.success ? parsed.output : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Removes what killed processes left half done: temporary files and lock candidates of more than an hour ago. */
async function sweep(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    if (!/\.tmp$|\.lock\./.test(name)) continue;
    const path = join(folder, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs > litterMilliseconds) await unlink(path).catch(() => undefined);
  }
}
