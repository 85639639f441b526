import { readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { SignInError } from '../../core/oauth/errors.ts';
import { writeDurably } from './durableFile.ts';
import { withLockFile } from './lockFile.ts';
import { contextOf, secretPrefix } from './sealedRecord.ts';
import type { RecordsPlace } from './sealedRecord.ts';
import type { RecordFile } from './sealedRecordShapes.ts';
import { seal } from './sealing.ts';
import { codeOf } from './systemFile.ts';

/** Writes a record to both places; durable when resolved, where the disk and the keyring let it. */
export async function writeRecord(
  place: RecordsPlace,
  id: string,
  record: string,
  about: string,
): Promise<void> {
  const { key, memory, secrets, trouble } = place;
  const generation = await place.nextGeneration(id);
  const own = await key.current();
  const isOnDisk =
    own !== undefined &&
    (await writeFile(place, id, {
      version: 1,
      generation,
      removed: false,
      about,
      ...seal(record, own, contextOf(id, { generation, removed: false })),
    }));
  try {
    await secrets.set(secretPrefix + id, JSON.stringify({ generation, record }));
    memory.delete(id);
  } catch (error) {
    trouble('keyring', error);
    if (!isOnDisk) memory.set(id, { generation, record });
  }
  place.wrote(id, generation);
}

/** Removes a record from both places; its file stays and says so to windows whose SecretStorage still has it. */
export async function removeRecord(place: RecordsPlace, id: string): Promise<void> {
  const generation = await place.nextGeneration(id);
  place.memory.delete(id);
  const own = await place.key.current();
  const removed = true;
  // Sealed like a record: who can only write the folder cannot sign anyone out.
  const proof = own === undefined ? {} : seal('', own, contextOf(id, { generation, removed }));
  await writeFile(place, id, { version: 1, generation, removed, ...proof });
  place.wrote(id, generation);
  await removeLeftovers(place.folder, id);
  await place.secrets.delete(secretPrefix + id).catch((error: unknown) => {
    place.trouble('keyring', error);
  });
}

/** What a killed window left of the record's file while it wrote it: a sealed token is in there. */
async function removeLeftovers(folder: string, id: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => []))
    if (name.startsWith(`${id}.json.`) && name.endsWith('.tmp'))
      await unlink(join(folder, name)).catch(() => undefined);
}

/** Does `work` while no other window and no other call does any for this record. */
export async function withRecordLock<T>(
  { folder, hasFolder, trouble }: RecordsPlace,
  id: string,
  signal: AbortSignal,
  work: () => Promise<T>,
  patience?: number,
): Promise<T> {
  // One window on its own is better than no sign-in. A disk that fails once does not excuse a missing lock.
  if (!(await hasFolder)) return work();
  return withLockFile(join(folder, `${id}.lock`), signal, work, patience).catch((error: unknown) => {
    if (error instanceof SignInError || codeOf(error) === undefined) throw error;
    trouble('disk', error);
    throw new SignInError('storage', { operation: 'session', code: codeOf(error) ?? '' }, error);
  });
}

async function writeFile({ folder, trouble }: RecordsPlace, id: string, file: RecordFile): Promise<boolean> {
  try {
    await writeDurably(join(folder, `${id}.json`), JSON.stringify(file));
    return true;
  } catch (error) {
    trouble('disk', error);
    return false;
  }
}
