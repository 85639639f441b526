import type { SandboxDescription } from '../sandbox/sandbox.ts';
import type { ClockKind } from './clocks.ts';

/** How a process's SecretStorage notifies the others: see `processSecrets.ts`. */
export type StoreMode = 'desktop' | 'codeServer';

/**
 * Steps at which a process can be killed, in the order of a refresh: the lock is held; before the request; the
 * server has accepted and not yet responded; the response has arrived and nothing is written; the new file is
 * written next to the old one; the new file has replaced the old one; SecretStorage was also updated, and the
 * lock is still held.
 */
export const namedSteps = [
  'holdingLock',
  'beforeRequest',
  'accepted',
  'answered',
  'temporaryWritten',
  'renamed',
  'written',
] as const;
export type NamedStep = (typeof namedSteps)[number];

/** Parameters of a window process. */
export interface WindowConfig {
  /** Its name in the ledger: a seat and the number of its replacements, `3.7`. */
  readonly name: string;
  readonly folder: string;
  readonly journal: string;
  readonly mode: StoreMode;
  readonly lock: boolean;
  readonly clock: ClockKind;
  readonly sandbox: SandboxDescription;
  readonly sessionIds: readonly string[];
  readonly paceMilliseconds: number;
}

export type Secrets = Readonly<Record<string, string>>;

/** Data stored by a process's SecretStorage: one secret, or its whole map. */
export type StoredSecret =
  | { readonly type: 'secret'; readonly key: string; readonly value: string | undefined }
  | { readonly type: 'allSecrets'; readonly secrets: Secrets };

/** To a window process. */
export type ToWindow =
  | { readonly type: 'start'; readonly config: WindowConfig; readonly secrets: Secrets }
  | { readonly type: 'secret'; readonly key: string; readonly value: string | undefined }
  | { readonly type: 'dieAt'; readonly step: NamedStep }
  | { readonly type: 'stop' };

/** From a window process. */
export type FromWindow =
  | { readonly type: 'ready' }
  | ({ readonly type: 'closing' } & Usage)
  | StoredSecret
  | { readonly type: 'tally'; readonly tally: Tally };

/** Resource usage of a process. */
export interface Usage {
  /** Memory use; shared memory is divided among its processes, if the system reports it. */
  readonly memoryBytes: number;
  /** Until it had requested each token once. */
  readonly startMilliseconds: number;
  /** Since then, in this number of seconds. */
  readonly processorMilliseconds: number;
  readonly seconds: number;
}

/** Observations of a window process since its last report. */
export interface Tally {
  readonly handedOut: number;
  /** Tokens returned although expired by the process's own clock. */
  readonly handedOutExpired: number;
  /** Rejections of `fresh`, counted by kind. */
  readonly failures: Readonly<Record<string, number>>;
  readonly uses: number;
  /** Tokens rejected by the protected resource while they had to be valid, and after that. */
  readonly refusedWhileGood: number;
  readonly refusedLate: number;
  /** Milliseconds of each `fresh` call that waited for a refresh. */
  readonly waits: readonly number[];
}

/** To a counting process. */
export type ToCounter =
  | {
      readonly type: 'start';
      readonly folder: string;
      readonly mode: StoreMode;
      readonly secrets: Secrets;
      readonly id: string;
      readonly times: number;
    }
  | { readonly type: 'secret'; readonly key: string; readonly value: string | undefined };

/** From a counting process. */
export type FromCounter =
  StoredSecret | { readonly type: 'counted'; readonly holds: readonly Hold[]; readonly stale: number };

/** When the lock was acquired, and right before it was released: nanoseconds of the machine's monotonic clock. */
export interface Hold {
  readonly from: string;
  readonly to: string;
}

/** To a locking process. */
export type ToLocker =
  | { readonly type: 'take'; readonly path: string; readonly untilReleased: boolean }
  | { readonly type: 'release' };

/** From a locking process. */
export type FromLocker = { readonly type: 'inside'; readonly alone: boolean } | { readonly type: 'released' };
