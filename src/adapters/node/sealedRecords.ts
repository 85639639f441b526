import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as activationIsOver } from 'node:timers/promises';
import { SignInError } from '../../core/oauth/errors.ts';
import type { Log, RecordReading, SecretStore, SessionRecords } from '../../core/ports.ts';
import { watchFolder } from './folderWatch.ts';
import type { RecordFile, RecordSecret, RecordsPlace, StorageProblem } from './sealedRecord.ts';
import { contextOf, createKeyring, keyName, unseal } from './sealing.ts';
import type { SealingKey } from './sealing.ts';
import { openStorageFolder } from './storageFolder.ts';
import { codeOf, readIfExists } from './systemFile.ts';
import { defined } from '../../core/defined.ts';

interface SealedRecordsPorts {
  readonly secrets: SecretStore;
  readonly log: Log;
  readonly onProblem: (reportProblem: StorageProblem) => void;
}

/** The largest plausible number of missed writes; no window wrote a file that claims more. */
const maxJump = 1_000_000;

const problemTexts: Readonly<Record<StorageProblem, string>> = {
  keyring: 'The keyring cannot be used',
  disk: 'The storage folder cannot be used',
  shared: 'Other users can change the storage folder',
};

/** Prefix of the names of session secrets; the session ID follows. */
const secretPrefix = 'session:';
const fileEnding = '.json';

/** Loaded on the first read or write of a record: a window without a session needs no parser, lock or seal. */
const loaded = () => import('./sealedRecord.ts');

/**
 * Session records in two places: SecretStorage and, beside it, a file per session, sealed with a key from
 * SecretStorage. The file is there because SecretStorage updates other windows late (desktop) or only after a
 * reload (code-server). Each write has the next generation number and readers take the newer copy; a removal
 * note outlives the record in another window's memory.
 */
export function createSealedRecords(folder: string, ports: SealedRecordsPorts): SessionRecords {
  const { secrets, log } = ports;
  const listeners = new Set<(id: string | undefined) => void>();
  /** Secrets that the keyring did not accept; they last as long as this window. */
  const memory = new Map<string, RecordSecret>();
  /** The highest proven generation per session; nothing older is accepted. */
  const generations = new Map<string, number>();
  /** Sessions whose file has changed since their last read, and the generation that the read after a change found. */
  const changedFiles = new Set<string>();
  const readAfterChange = new Map<string, number>();
  const reported = new Set<StorageProblem>();
  /** The names in the folder when it was last listed: a disk that fails for a moment signs nothing out. */
  let lastFiles: readonly string[] = [];
  const secretOf = (id: string): string => secretPrefix + id;

  const reportProblem = (which: StorageProblem, error: unknown): void => {
    if (reported.has(which)) return;
    reported.add(which);
    log.error(problemTexts[which], { code: codeOf(error) });
    ports.onProblem(which);
  };
  const changed = (id: string): void => {
    for (const listener of listeners) listener(id);
  };
  /** False if the folder is unavailable: SecretStorage is then the only storage, and there is nothing to lock. */
  const hasFolder = activationIsOver()
    .then(() => openStorageFolder(folder))
    .then(
      ({ isShared }) => {
        if (isShared) reportProblem('shared', undefined);
        return true;
      },
      (error: unknown) => {
        reportProblem('disk', error);
        return false;
      },
    );
  const ready = hasFolder.then(() => undefined);
  const key = createKeyring({
    secrets,
    hasFolder,
    make: async (stored, store) => (await loaded()).makeSealingKey(folder, stored, store),
    onProblem: (error) => {
      reportProblem('keyring', error);
    },
  });

  void hasFolder.then(() => key.current()); // Create the key before another window opens: code-server shows a window new secrets only after a reload.

  /**
   * The secret of a session; `locked`, with the error code, if the keyring did not answer: the secret may still
   * exist.
   */
  const readSecret = async (
    id: string,
  ): Promise<{ readonly secret?: RecordSecret; readonly locked?: string }> => {
    const kept = memory.get(id);
    if (kept !== undefined) return { secret: kept };
    try {
      const text = await secrets.get(secretOf(id));
      return text === undefined ? {} : { secret: (await loaded()).parseSecret(text) };
    } catch (error) {
      reportProblem('keyring', error);
      return { locked: codeOf(error) ?? 'keyring' };
    }
  };
  /** The file of a session; `unreadable`, with the error code, if it exists but the disk fails. */
  const readFile = async (name: string): Promise<FoundFile> => {
    try {
      const text = await readIfExists(join(folder, name));
      return text === undefined ? undefined : (await loaded()).parseFile(text);
    } catch (error) {
      reportProblem('disk', error);
      return (await hasFolder) ? { unreadable: codeOf(error) ?? 'unknown' } : undefined;
    }
  };
  const readBoth = async (id: string) => {
    // Taken before the read: a write during the read must not make this file look outdated.
    const known = generations.get(id) ?? 0;
    const [first, { secret, locked }] = await Promise.all([readFile(id + fileEnding), readSecret(id)]);
    noteGeneration(id, secret?.generation ?? 0);
    const own = await key.current();
    const found = { secret, locked, known, own };
    const inFirstFile = { ...found, name: id + fileEnding, file: first, foreign: undefined };
    if (own === undefined || belongsTo(own.id, secret, first)) return inFirstFile;
    const name = `${id}.${own.id}${fileEnding}`;
    const file = await readFile(name);
    if (file === undefined && keyringOf(first) === undefined) return inFirstFile;
    // Another keyring's record shows that there is a session, but not that this keyring's own is outdated, unless the
    // secret is of release 0.1.0, whose windows wrote one file even with different keys.
    return { ...found, name, file, foreign: secret?.keyring === undefined ? first : undefined };
  };
  const noteGeneration = (id: string, generation: number): void => {
    generations.set(id, Math.max(generations.get(id) ?? 0, generation));
  };
  const place: RecordsPlace = {
    folder,
    secrets,
    secretOf,
    memory,
    hasFolder,
    reportProblem,
    next: async (id) => {
      const { file, name, secret, own } = await readBoth(id);
      const known = generations.get(id) ?? 0;
      // Without a key, the file may belong to another keyring.
      const keyring = secret?.keyring ?? (own && (keyringOf(file) ?? own.id));
      const inFile = file === undefined || 'unreadable' in file ? 0 : file.generation;
      // Accept an unproven number only if it is plausible.
      const next = Math.max(known, inFile - known <= maxJump ? inFile : 0) + 1;
      return { name, generation: Number.isSafeInteger(next) ? next : 1, ...defined({ keyring, key: own }) };
    },
    wrote: (id, generation) => void generations.set(id, generation),
  };
  const finishing = new Set<string>();
  const read = async (id: string): Promise<RecordReading> => {
    await ready;
    const seen = await readBoth(id);
    if (isRemovalUnfinished(seen) && !finishing.has(id)) {
      finishing.add(id);
      void loaded().then(async ({ finishRemoval }) =>
        finishRemoval(place, id, async () => isRemovalUnfinished(await readBoth(id))),
      );
    }
    const { reading, proven = 0 } = newestOf(id, { ...seen, file: seen.file ?? seen.foreign });
    noteGeneration(id, proven);
    return reading;
  };

  return {
    read: async (id) => {
      const isChanged = changedFiles.delete(id);
      const reading = await read(id);
      const generation = reading.state === 'newest' ? generations.get(id) : undefined;
      if (isChanged) readAfterChange.set(id, generation ?? -1);
      return reading;
    },
    ids: async () => {
      await ready;
      const [files, keys] = await Promise.all([
        readdir(folder).catch((error: unknown) => (codeOf(error) === 'ENOENT' ? [] : lastFiles)),
        secrets.keys().catch((error: unknown) => {
          reportProblem('keyring', error);
          return [];
        }),
      ]);
      lastFiles = files;
      const names = [
        ...files.flatMap((name) => idOf(name) ?? []),
        ...keys
          .filter((name) => name.startsWith(secretPrefix))
          .map((name) => name.slice(secretPrefix.length)),
        ...memory.keys(),
      ];
      return [...new Set(names)];
    },
    about: async (id) => {
      const { file, foreign } = await readBoth(id);
      const about = file ?? foreign;
      return about !== undefined && 'about' in about ? about.about : undefined;
    },
    write: async (id, record, about) => {
      await ready;
      await (await loaded()).writeRecord(place, id, record, about);
      changed(id);
    },
    remove: async (id) => {
      await ready;
      const left = await (await loaded()).removeRecord(place, id);
      changed(id);
      return left;
    },
    withLock: async (id, signal, work, timeoutMilliseconds) =>
      (await loaded()).withRecordLock(place, { id, work, timeoutMilliseconds }, signal),
    onDidChange: (listener) => {
      listeners.add(listener);
      const inSecrets = secrets.onDidChange((name) => {
        if (name === keyName) listener(undefined);
        if (!name.startsWith(secretPrefix)) return;
        const id = name.slice(secretPrefix.length);
        // The file changes first, so this generation was usually read by now.
        void readSecret(id).then(({ secret }) => {
          const isNew = (secret?.generation ?? Infinity) > (readAfterChange.get(id) ?? -1);
          if (isNew && listeners.has(listener)) listener(id);
        });
      });
      const inFolder = watchFolder(folder, ready, (name) => {
        const id = idOf(name ?? '');
        if (id !== undefined) changedFiles.add(id);
        if (name === undefined || id !== undefined) listener(id);
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

/** The copies of a session's record, as read at the same time. */
interface Copies {
  readonly file: FoundFile;
  readonly secret: RecordSecret | undefined;
  /** The error code of a keyring that did not answer: the secret may still exist. */
  readonly locked: string | undefined;
  /** The highest proven generation, from before the copies were read. */
  readonly known: number;
  /** This window's key, if the keyring has one. */
  readonly own: SealingKey | undefined;
}

/**
 * The newest of the copies that can be trusted, and the generation that its seal proves, if it has one.
 * @throws SignInError `storage` if there may be a record, but no copy can be read
 */
function newestOf(
  id: string,
  { file, secret, locked, known, own }: Copies,
): { readonly reading: RecordReading; readonly proven?: number } {
  const older: RecordReading =
    secret === undefined || secret.record === ''
      ? { state: 'absent' }
      : { state: 'older', record: secret.record };
  const remembered: RecordReading =
    older.state === 'older' && (secret?.generation ?? 0) >= known
      ? { state: 'newest', record: older.record }
      : older;
  const inSecret = secret?.generation ?? -1;
  if (file !== undefined && 'unreadable' in file) {
    // The file may be newer than the secret, which may then be served, but never spent.
    if (secret === undefined) throw unreadable(file.unreadable);
    return { reading: older };
  }
  // A removal without a seal proves nothing: accept it only if there is nothing to remove.
  if (file === undefined || !('key' in file)) return { reading: remembered };
  const { generation, removed } = file;
  const isNewer = generation > inSecret;
  if (!removed && !isNewer) return { reading: remembered };
  const record = own === undefined ? undefined : unseal(file, own, contextOf(id, file));
  if (record === undefined) {
    if (file.removed) return { reading: isNewer && file.key !== own?.id ? older : remembered };
    if (secret !== undefined) return { reading: older };
    // A keyring that is locked has lost nothing.
    if (locked !== undefined || own === undefined) throw unreadable(locked ?? 'keyring');
    return { reading: { state: 'lost', about: file.about } };
  }
  if (generation < known) {
    // The file is a backup, or was restored.
    return { reading: removed || inSecret >= known ? remembered : { state: 'older', record } };
  }
  if (!removed) return { reading: { state: 'newest', record }, proven: generation };
  return { reading: inSecret > generation ? remembered : { state: 'absent' }, proven: generation };
}

/** The error of a record that may exist, with the system's code. */
function unreadable(code: string): SignInError {
  return new SignInError('storage', { operation: 'session', reason: 'unreadable', code });
}

/** A record file as read; `unreadable` has the error code. */
type FoundFile = RecordFile | { readonly unreadable: string } | undefined;

/** The session ID in the name of a record file; undefined for other files. */
function idOf(name: string): string | undefined {
  return name.endsWith(fileEnding)
    ? name.slice(0, -fileEnding.length).replace(/\.[\da-f]{16}$/, '')
    : undefined;
}

/** The keyring to which a record file belongs; undefined for one without a seal. */
function keyringOf(file: FoundFile): string | undefined {
  return file !== undefined && 'key' in file ? (file.keyring ?? file.key) : undefined;
}

/**
 * Whether a record file belongs to this window's keyring, by its key or by the secret. Two browsers at one server, or two
 * computers that share a folder, have a keyring each, with sessions of their own.
 */
function belongsTo(own: string, secret: RecordSecret | undefined, file: FoundFile): boolean {
  if (file === undefined || !('key' in file)) return false;
  return [file.key, file.keyring].includes(own) || secret?.keyring === keyringOf(file);
}

/** Whether a removal left the file of its record: the disk was read-only, and the secret became the removal note. */
function isRemovalUnfinished({
  file,
  secret,
}: {
  readonly file: FoundFile;
  readonly secret: RecordSecret | undefined;
}): boolean {
  const isRecord = file !== undefined && 'removed' in file && !file.removed;
  return isRecord && secret?.record === '' && file.generation < secret.generation;
}
