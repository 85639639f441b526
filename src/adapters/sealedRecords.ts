import { access, constants, mkdir, readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as activationIsOver } from 'node:timers/promises';
import { SignInError } from '../core/errors.ts';
import type { Log, RecordReading, SecretStore, SessionRecords } from '../core/ports.ts';
import { watchFolder } from './folderWatch.ts';
import { contextOf, secretPrefix } from './sealedRecord.ts';
import type { RecordsPlace, StorageTrouble } from './sealedRecord.ts';
import type { RecordFile, RecordSecret } from './sealedRecordShapes.ts';
import { unseal } from './sealing.ts';
import { createKeyring, keyName } from './sealingKeyring.ts';
import { codeOf, readIfThere } from './systemFile.ts';

interface SealedRecordsPorts {
  readonly secrets: SecretStore;
  readonly log: Log;
  readonly onTrouble: (trouble: StorageTrouble) => void;
}

const litterMilliseconds = 3600_000;

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
  const hasFolder = activationIsOver()
    .then(() => openFolder(folder))
    .then(
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

  void hasFolder.then(() => key.current()); // Made before another window opens: code-server tells a window of a new secret only at a reload.

  /** Loaded when there is something to read: a window without a session has nothing to parse. */
  const shapes = () => import('./sealedRecordShapes.ts');
  const readSecret = async (id: string): Promise<RecordSecret | undefined> => {
    const kept = memory.get(id);
    if (kept !== undefined) return kept;
    try {
      const text = await secrets.get(secretPrefix + id);
      return text === undefined ? undefined : (await shapes()).parseSecret(text);
    } catch (error) {
      trouble('keyring', error);
      return undefined;
    }
  };
  /** `unreadable`: there is one, and the disk does not give it now. */
  const readFile = async (id: string): Promise<RecordFile | 'unreadable' | undefined> => {
    try {
      const text = await readIfThere(pathOf(id));
      return text === undefined ? undefined : (await shapes()).parseFile(text);
    } catch (error) {
      trouble('disk', error);
      return (await hasFolder) ? 'unreadable' : undefined;
    }
  };
  const look = async (id: string) => {
    const [file, secret] = await Promise.all([readFile(id), readSecret(id)]);
    const inFile = file === 'unreadable' ? undefined : file?.generation;
    met.set(id, Math.max(met.get(id) ?? 0, inFile ?? 0, secret?.generation ?? 0));
    return { file, secret };
  };
  const place: RecordsPlace = {
    folder,
    secrets,
    key,
    memory,
    hasFolder,
    trouble,
    nextGeneration: async (id) => {
      await look(id);
      return (met.get(id) ?? 0) + 1;
    },
  };
  /** Loaded when something changes for the first time: a window that only reads needs no lock and no seal. */
  const changes = () => import('./sealedRecordChanges.ts');

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
      await (await changes()).writeRecord(place, id, record, about);
      changed();
    },
    remove: async (id) => {
      await ready;
      await (await changes()).removeRecord(place, id);
      changed();
    },
    alone: async (id, signal, work, patience) =>
      (await changes()).aloneWithRecord(place, id, signal, work, patience),
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

/** Removes what killed processes left half done: temporary files and lock candidates of more than an hour ago. */
async function sweep(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    if (!/\.tmp$|\.lock\./.test(name)) continue;
    const path = join(folder, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs > litterMilliseconds) await unlink(path).catch(() => undefined);
  }
}
