import type { SecretStore } from '../../core/ports.ts';
import type { RecordFile, RecordSecret } from './sealedRecordShapes.ts';
import type { SealingKey } from './sealing.ts';

/**
 * How a window's trouble with its keyring or disk reaches the person; each is said once. `shared`: other users can change
 * the folder.
 */
export type StorageTrouble = 'keyring' | 'disk' | 'shared';

/** Where the records of one window lie; shared by what reads them and what changes them. */
export interface RecordsPlace {
  readonly folder: string;
  readonly secrets: SecretStore;
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

/** The name of a session's secret, with the session's id behind it. */
export const secretPrefix = 'session:';

/** What a seal is bound to: a file copied to another name, or an old one put back as a newer, does not open. */
export function contextOf(
  id: string,
  { generation, removed }: Pick<RecordFile, 'generation' | 'removed'>,
): string {
  return removed ? `${id} ${generation} removed` : `${id} ${generation}`;
}
