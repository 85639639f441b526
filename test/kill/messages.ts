import type { SandboxDescription } from '../sandbox/sandbox.ts';
import type { ClockKind } from './clocks.ts';

/** How a process's SecretStorage tells the others: see `processSecrets.ts`. */
export type StoreMode = 'desktop' | 'codeServer';

/**
 * Where a process can be told to die. In the order of a refresh: the lock is held; before the request; the server has
 * accepted and its answer is not sent; the answer is there and nothing is written; the new file is written beside the
 * old one; it has replaced the old one; SecretStorage was told too, the lock is still held.
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

/** What a window process is built from. */
export interface WindowConfig {
  /** Its name in the ledger: a seat and how often it was filled, `3.7`. */
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

/** What a process's SecretStorage has stored: one secret, or its whole map. */
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

/** What a process has used. */
export interface Usage {
  /** Resident. */
  readonly memoryBytes: number;
  /** Until it had asked for tokens for a while. */
  readonly startMilliseconds: number;
  /** Since then, in so many seconds. */
  readonly processorMilliseconds: number;
  readonly seconds: number;
}

/** What a window process saw since it told last. */
export interface Tally {
  readonly handedOut: number;
  /** Handed out when it had expired already, by the process's own clock. */
  readonly handedOutExpired: number;
  /** Why `fresh` rejected, counted by kind. */
  readonly failures: Readonly<Record<string, number>>;
  readonly uses: number;
  /** Refused by the protected resource while it had to be good, and when it was past that. */
  readonly refusedWhileGood: number;
  readonly refusedLate: number;
  /** How long each call of `fresh` took that had to wait for a refresh, milliseconds. */
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

/** When the lock was had, and when it was about to be released: nanoseconds of the machine's monotonic clock. */
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
