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
import { defined } from '../../core/defined.ts';

/** Storage problems to report to the user, each once. `shared`: other users can change the folder. */
export type StorageProblem = 'keyring' | 'disk' | 'shared';

/** Where to write a record next. */
export interface NextWrite {
  /** The name of its file. */
  readonly name: string;
  /** Which keyring it belongs to: the ID of the key that sealed it first. Absent without a key. */
  readonly keyring?: string;
  /** Seals it; absent while the keyring cannot be used. */
  readonly key?: SealingKey;
  /** One more than the highest generation that this window has seen, or that the file may plausibly have. */
  readonly generation: number;
}

/** The storage of one window's records; shared by the reading and the writing side. */
export interface RecordsPlace {
  readonly folder: string;
  readonly secrets: SecretStore;
  /** The name of a session's secret. */
  readonly secretOf: (id: string) => string;
  /** Secrets that the keyring did not accept; they last as long as this window. */
  readonly memory: Map<string, RecordSecret>;
  /** False if the folder is unavailable: SecretStorage is then the only storage, and there is nothing to lock. */
  readonly hasFolder: Promise<boolean>;
  readonly reportProblem: (which: StorageProblem, error: unknown) => void;
  /** The place of the next write of a record. */
  readonly next: (id: string) => Promise<NextWrite>;
  /** Records a generation that was written. */
  readonly wrote: (id: string, generation: number) => void;
}

const generation = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const keyring = v.exactOptional(v.string());
const sealed = { key: v.string(), keyring, iv: v.string(), tag: v.string(), data: v.string() };
const fileSchema = v.union([
  v.object({ version: v.literal(1), generation, removed: v.literal(true), ...sealed }),
  v.object({ version: v.literal(1), generation, removed: v.literal(true) }),
  v.object({ version: v.literal(1), generation, removed: v.literal(false), about: v.string(), ...sealed }),
]);
const secretSchema = v.object({ generation: v.fallback(generation, 0), keyring, record: v.string() });

/**
 * The content of a session's file: a sealed record or a removal. A removal without a seal comes from release
 * 0.1.0 or from a window without a key.
 */
export type RecordFile = v.InferOutput<typeof fileSchema>;
/** The content of a session's secret; an empty record is a removal note. */
export type RecordSecret = v.InferOutput<typeof secretSchema>;

/** Parses a secret; a record without a generation has generation 0. */
export function parseSecret(text: string): RecordSecret {
  const parsed = v.safeParse(secretSchema, parseJson(text));
  return parsed.success ? parsed.output : { generation: 0, record: text };
}

/** Parses a record file; undefined if it holds no record. */
export function parseFile(text: string): RecordFile | undefined {
  const parsed = v.safeParse(fileSchema, parseJson(text));
  return parsed.success ? parsed.output : undefined;
}

/** Writes a record to both places; durable once this resolves, if the disk and the keyring allow it. */
export async function writeRecord(
  place: RecordsPlace,
  id: string,
  record: string,
  about: string,
): Promise<void> {
  const { memory, secrets, secretOf, reportProblem } = place;
  const { name, generation, keyring, key } = await place.next(id);
  const isOnDisk =
    key !== undefined &&
    (await writeFile(place, name, {
      version: 1,
      generation,
      removed: false,
      about,
      ...sealIn(keyring, key, record, contextOf(id, { generation, removed: false })),
    }));
  try {
    await secrets.set(secretOf(id), JSON.stringify({ generation, ...defined({ keyring }), record }));
    memory.delete(id);
  } catch (error) {
    reportProblem('keyring', error);
    if (!isOnDisk) memory.set(id, { generation, record });
  }
  place.wrote(id, generation);
}

/**
 * Removes a record from both places. Its file stays as a removal note for windows whose SecretStorage still has it;
 * on a full disk, the file is deleted instead. On one that became read-only, the file outlives its removal, and a
 * secret without a record is the note.
 */
export async function removeRecord(place: RecordsPlace, id: string): Promise<{ readonly isFileLeft?: true }> {
  const { name, generation, keyring, key } = await place.next(id);
  place.memory.delete(id);
  const removed = true;
  // Sealed like a record: write access to the folder is not enough to sign a user out.
  const proof = key === undefined ? {} : sealIn(keyring, key, '', contextOf(id, { generation, removed }));
  const isGone =
    (await writeFile(place, name, { version: 1, generation, removed, ...proof })) ||
    (await removeFile(place, name));
  place.wrote(id, generation);
  await removeLeftovers(place.folder, name);
  const note = { generation, ...defined({ keyring }), record: '' };
  const inSecrets = isGone
    ? place.secrets.delete(place.secretOf(id))
    : place.secrets.set(place.secretOf(id), JSON.stringify(note));
  await inSecrets.catch((error: unknown) => {
    place.reportProblem('keyring', error);
    if (!isGone) place.memory.set(id, note);
  });
  return isGone ? {} : { isFileLeft: true };
}

/**
 * Finishes the removal of a record whose file a read-only disk has kept, if `isLeft` under its lock. Never rejects:
 * another window will try again.
 */
export async function finishRemoval(
  place: RecordsPlace,
  id: string,
  isLeft: () => Promise<boolean>,
): Promise<void> {
  if (!(await place.hasFolder)) return;
  const work = async (): Promise<void> => {
    if (await isLeft()) await removeRecord(place, id);
  };
  const { signal } = new AbortController();
  await withRecordLock(place, { id, work, timeoutMilliseconds: finishingTimeoutMilliseconds }, signal).catch(
    () => undefined,
  );
}

const finishingTimeoutMilliseconds = 1000;

/** A seal, which names the keyring unless it is that of the key. */
function sealIn(
  keyring: string | undefined,
  key: SealingKey,
  text: string,
  context: string,
): ReturnType<typeof seal> & { readonly keyring?: string } {
  return { ...(keyring === key.id ? {} : defined({ keyring })), ...seal(text, key, context) };
}

/** Deletes a record's file. Resolves with whether none is left. */
async function removeFile({ folder }: RecordsPlace, name: string): Promise<boolean> {
  return unlink(join(folder, name)).then(
    () => true,
    (error: unknown) => ['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? ''),
  );
}

/** Removes temporary files with a sealed token that a killed window left. */
async function removeLeftovers(folder: string, file: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => []))
    if (name.startsWith(`${file}.`) && name.endsWith('.tmp'))
      await unlink(join(folder, name)).catch(() => undefined);
}

/** Work to do under the lock of a record. */
export interface LockedWork<T> {
  readonly id: string;
  readonly work: () => Promise<T>;
  readonly timeoutMilliseconds: number | undefined;
}

/**
 * Runs `work` under the lock of a record, across all windows and calls.
 * @throws SignInError `lockBusy`, `storage` when the folder cannot be written, or as `work`
 */
export async function withRecordLock<T>(
  { folder, hasFolder, reportProblem }: RecordsPlace,
  { id, work, timeoutMilliseconds }: LockedWork<T>,
  signal: AbortSignal,
): Promise<T> {
  // Without a folder, one unlocked window is better than no sign-in. A temporary disk error does not excuse a
  // missing lock.
  if (!(await hasFolder)) return work();
  await makeAgain(folder);
  return withLockFile(join(folder, `${id}.lock`), signal, work, timeoutMilliseconds).catch(
    (error: unknown) => {
      if (error instanceof SignInError || codeOf(error) === undefined) throw error;
      reportProblem('disk', error);
      throw new SignInError('storage', { operation: 'session', code: codeOf(error) ?? '' }, error);
    },
  );
}

/** Recreates the folder, which a user or a cleanup tool may have removed. The next access reports any error. */
async function makeAgain(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch(() => undefined);
}

async function writeFile(
  { folder, reportProblem }: RecordsPlace,
  name: string,
  file: RecordFile,
): Promise<boolean> {
  try {
    await makeAgain(folder);
    await writeDurably(join(folder, name), JSON.stringify(file));
    return true;
  } catch (error) {
    reportProblem('disk', error);
    return false;
  }
}

/** A desktop's other windows see a new secret 100 ms after it was stored (docs/PROTOCOL.md, 4). */
const spreadMilliseconds = 300;

/**
 * Creates the sealing key of this machine, unless another window has created one meanwhile.
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
    // Seal nothing until other windows can see the key; the next window would otherwise create another one.
    await wait(spreadMilliseconds);
    return (await stored()) ?? made;
  });
}
