import * as v from 'valibot';
import type { SecretStore } from '../core/ports.ts';
import type { SealingKey } from './sealing.ts';

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
const secretSchema = v.object({ generation: v.number(), record: v.string() });

/** What lies in a session's file: the sealed record, or that it was removed. */
export type RecordFile = v.InferOutput<typeof fileSchema>;
/** What lies in a session's secret. */
export type RecordSecret = v.InferOutput<typeof secretSchema>;
/** How a window's trouble with its keyring or disk reaches the person; each is said once. */
export type StorageTrouble = 'keyring' | 'disk';

/** Where the records of one window lie; shared by what reads them and what changes them. */
export interface RecordsPlace {
  readonly folder: string;
  readonly secrets: SecretStore;
  readonly key: { current(): Promise<SealingKey | undefined> };
  /** What could not be put into the keyring lives here, in this window, until it ends. */
  readonly memory: Map<string, RecordSecret>;
  /** False when there is none to be had: then SecretStorage is all there is, and there is nothing to lock. */
  readonly hasFolder: Promise<boolean>;
  readonly trouble: (which: StorageTrouble, error: unknown) => void;
  /** One more than the highest generation that this window has met. */
  readonly nextGeneration: (id: string) => Promise<number>;
}

/** The name of a session's secret, with the session's id behind it. */
export const secretPrefix = 'session:';

/** What a seal is bound to: a file copied to another name, or an old one put back as a newer, does not open. */
export function contextOf(id: string, generation: number): string {
  return `${id} ${generation}`;
}

/** A record of before generations were counted is generation 0. */
export function parseSecret(text: string | undefined): RecordSecret | undefined {
  if (text === undefined) return undefined;
  const parsed = v.safeParse(secretSchema, parseJson(text));
  return parsed.success ? parsed.output : { generation: 0, record: text };
}

/** Undefined when there is no file, or it holds nothing that could be a record. */
export function parseFile(text: string | undefined): RecordFile | undefined {
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
