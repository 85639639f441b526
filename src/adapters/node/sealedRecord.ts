import { mkdir, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import * as v from 'valibot';
import type { SecretStore } from '../../core/ports.ts';
import { contextOf, createSealingKey, seal } from './sealing.ts';
import type { SealingKey } from './sealing.ts';
import { parseJson } from '../../core/text/parseJson.ts';
import { SignInError } from '../../core/oauth/errors.ts';
import { writeDurably } from './atomicFiles.ts';
import { withLockFile } from './lockFile.ts';
import { codeOf } from './systemFile.ts';

/**
 * How a window's trouble with its keyring or disk reaches the person; each is said once. `shared`: other users can change
 * the folder.
 */
export type StorageTrouble = 'keyring' | 'disk' | 'shared';

/** Where the records of one window lie; shared by what reads them and what changes them. */
export interface RecordsPlace {
  readonly folder: string;
  readonly secrets: SecretStore;
  /** The name of a session's secret. */
  readonly secretOf: (id: string) => string;
  readonly key: { current(): Promise<SealingKey | undefined> };
  /** What could not be put into the keyring lives here, in this window, until it ends. */
  readonly memory: Map<string, RecordSecret>;
  /** False when it cannot be had: then SecretStorage is all there is, with nothing to lock. */
  readonly hasFolder: Promise<boolean>;
  readonly trouble: (which: StorageTrouble, error: unknown) => void;
  /** One more than the highest generation that this window has met, or that the file may well have. */
  readonly nextGeneration: (id: string) => Promise<number>;
  /** Takes note of a generation that was written. */
  readonly wrote: (id: string, generation: number) => void;
}

const generation = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const sealed = { key: v.string(), iv: v.string(), tag: v.string(), data: v.string() };
const fileSchema = v.union([
  v.object({ version: v.literal(1), generation, removed: v.literal(true), ...sealed }),
  v.object({ version: v.literal(1), generation, removed: v.literal(true) }),
  v.object({ version: v.literal(1), generation, removed: v.literal(false), about: v.string(), ...sealed }),
]);
const secretSchema = v.object({ generation: v.fallback(generation, 0), record: v.string() });

/**
 * What lies in a session's file: the sealed record, or that it was removed. A removal without a seal is of release 0.1.0,
 * or of a window without a key.
 */
export type RecordFile = v.InferOutput<typeof fileSchema>;
/** What lies in a session's secret. */
export type RecordSecret = v.InferOutput<typeof secretSchema>;

/** A record of before generations were counted is generation 0. */
export function parseSecret(text: string): RecordSecret {
  const parsed = v.safeParse(secretSchema, parseJson(text));
  return parsed.success ? parsed.output : { generation: 0, record: text };
}

/** Undefined when it holds nothing that could be a record. */
export function parseFile(text: string): RecordFile | undefined {
  const parsed = v.safeParse(fileSchema, parseJson(text));
  return parsed.success ? parsed.output : undefined;
}

/** Writes a record to both places; durable when resolved, where the disk and the keyring let it. */
export async function writeRecord(
  place: RecordsPlace,
  id: string,
  record: string,
  about: string,
): Promise<void> {
  const { key, memory, secrets, secretOf, trouble } = place;
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
    await secrets.set(secretOf(id), JSON.stringify({ generation, record }));
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
  await place.secrets.delete(place.secretOf(id)).catch((error: unknown) => {
    place.trouble('keyring', error);
  });
}

/** What a killed window left of the record's file while it wrote it: a sealed token is in there. */
async function removeLeftovers(folder: string, id: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => []))
    if (name.startsWith(`${id}.json.`) && name.endsWith('.tmp'))
      await unlink(join(folder, name)).catch(() => undefined);
}

/** What is done under the lock of which record. */
export interface LockedWork<T> {
  readonly id: string;
  readonly work: () => Promise<T>;
  readonly patience: number | undefined;
}

/**
 * Does `work` while no other window and no other call does any for this record.
 * @throws SignInError `lockBusy`, `storage` when the folder cannot be written, or as `work`
 */
export async function withRecordLock<T>(
  { folder, hasFolder, trouble }: RecordsPlace,
  { id, work, patience }: LockedWork<T>,
  signal: AbortSignal,
): Promise<T> {
  // One window on its own is better than no sign-in. A disk that fails once does not excuse a missing lock.
  if (!(await hasFolder)) return work();
  await makeAgain(folder);
  return withLockFile(join(folder, `${id}.lock`), signal, work, patience).catch((error: unknown) => {
    if (error instanceof SignInError || codeOf(error) === undefined) throw error;
    trouble('disk', error);
    throw new SignInError('storage', { operation: 'session', code: codeOf(error) ?? '' }, error);
  });
}

/** A person or a clean-up may have removed the folder since the window was opened. What uses it then says what is wrong. */
async function makeAgain(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch(() => undefined);
}

async function writeFile({ folder, trouble }: RecordsPlace, id: string, file: RecordFile): Promise<boolean> {
  try {
    await makeAgain(folder);
    await writeDurably(join(folder, `${id}.json`), JSON.stringify(file));
    return true;
  } catch (error) {
    trouble('disk', error);
    return false;
  }
}

/** A desktop's other windows know a new secret 100 ms after it was stored (docs/PROTOCOL.md, 4). */
const spreadMilliseconds = 300;

/**
 * Makes the sealing key of this machine, unless another window has done so meanwhile.
 * @throws SignInError `lockBusy`, the signal's reason after ten seconds, or as `store`
 */
export function makeSealingKey(
  folder: string,
  stored: () => Promise<SealingKey | undefined>,
  store: (key: SealingKey) => Promise<void>,
): Promise<SealingKey> {
  return withLockFile(join(folder, 'key.lock'), AbortSignal.timeout(10_000), async () => {
    const another = await stored();
    if (another !== undefined) return another;
    const made = createSealingKey();
    await store(made);
    // Nothing is sealed before the key has left this window's memory; the next window here finds it and makes none.
    await wait(spreadMilliseconds);
    return (await stored()) ?? made;
  });
}
