import type { Connection } from '../core/connection/connection.ts';
import type { Host } from './flowTable.ts';
import type { EditorEnvironment } from './editorEnvironment.ts';
import type { SsoSessionsFound } from './ssoSession.ts';
import type { OrganizationRules } from './organizationPolicy.ts';
import type { PortRefusal } from '../core/oauth/errors.ts';
import type { Log } from '../core/ports.ts';
import type { FailedAttempt } from '../core/session/refreshPolicy.ts';
import type { LostSession, Session } from '../core/session/session.ts';
import type { UnreadableRecord } from '../core/session/sessionStore.ts';
import type { SignInSettings } from '../core/session/acquireTokens.ts';

/** A log that keeps its latest events, oldest first. */
export interface RecentLog extends Log {
  recent(): readonly LogEvent[];
}
/** A log event, as written. */
export interface LogEvent {
  /** Epoch milliseconds; the latest, if the event was repeated. */
  readonly at: number;
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly text: string;
  /** Number of consecutive occurrences. */
  readonly times: number;
}

/** The input of *Copy Diagnostics*. Includes whole sessions; the report's author leaves their secrets out. */
export interface DiagnosticsData {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly versions: Versions;
  readonly host: EditorEnvironment & { readonly row: Host };
  readonly settings: SignInSettings;
  readonly isSigningIn: boolean;
  readonly ports: readonly PortStatus[];
  readonly network: NetworkData;
  readonly skews: readonly ClockSkew[];
  readonly storage: StorageData;
  readonly connections: readonly Connection[];
  /** Invalid entries of the setting: index from 0, and the invalid member. */
  readonly unreadableEntries: readonly { readonly index: number; readonly where: string }[];
  /** Empty if they could not be read; `sessionsError` then has the reason. */
  readonly sessions: readonly Session[];
  readonly sessionsError?: string;
  readonly failures: Readonly<Record<string, FailedAttempt>>;
  readonly lost: readonly LostSession[];
  readonly unreadable?: readonly UnreadableRecord[];
  readonly organization: OrganizationRules;
  /** The AWS CLI's configuration. */
  readonly awsConfig: SsoSessionsFound;
  readonly events: readonly LogEvent[];
  /** The user's home folder, displayed as `~`. */
  readonly home: string;
}

/** The state of terminal access in a window, without secrets. */
export interface TerminalsData {
  /** The machine's name, as in the sessions. */
  readonly hostName: string;
  /** Whether the terminals run on the extension's machine. */
  readonly areHere: boolean;
  /** Whether programs can connect to this window now. */
  readonly isOpen: boolean;
  /** IDs of the sessions that the user chose in this workspace. */
  readonly chosen: string | undefined;
  readonly ofAwsAccount: string | undefined;
  /** Programs that requested a token in this window, by session ID. */
  readonly uses: Readonly<Record<string, readonly ProgramUse[]>>;
}

/** A program that requested a token. */
export interface ProgramUse {
  /** Its name, if the system reports it. */
  readonly program: string | undefined;
  readonly count: number;
  /** Time of its latest request, epoch milliseconds. */
  readonly lastAt: number;
}

/** Versions of the product and its environment. */
export interface Versions {
  readonly extension: string;
  /** Name, version and kind of the editor, such as `Visual Studio Code 1.139.1 (desktop)`. */
  readonly editor: string;
  readonly language: string;
  readonly node: string;
  readonly system: string;
}

/** The state of a callback port, tried on each loopback address. */
export interface PortStatus {
  readonly port: number;
  /** Addresses on which it could not be bound; empty if it is free. */
  readonly refusals: readonly PortRefusal[];
}

/** Settings and variables that affect requests. Addresses are reduced to host and port. */
export interface NetworkData {
  /** By setting; unset ones are absent. */
  readonly settings: Readonly<Record<string, string>>;
  /** By variable; unset ones are absent. */
  readonly variables: Readonly<Record<string, string>>;
}

/** A server's clock minus this machine's, as of its latest response. */
export interface ClockSkew {
  readonly host: string;
  readonly seconds: number;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** The contents of the storage folder, without data. */
export interface StorageData {
  readonly keyring: KeyringState;
  /** The folder's mode in octal, or the system's error code. */
  readonly folder: string;
  readonly records: number;
  readonly locks: readonly LockState[];
}

/** The contents of SecretStorage, or the `code` of its failure. */
export type KeyringState =
  | { readonly state: 'fails'; readonly code: string }
  | { readonly state: 'answers'; readonly secrets: number; readonly hasSealingKey: boolean };

/** A lock file and its holder. */
export interface LockState {
  readonly name: string;
  readonly pid: number;
  /** `elsewhere`: on another machine or in another container, where its process is not visible. */
  readonly holder: 'thisWindow' | 'anotherProcess' | 'elsewhere' | 'dead';
  /** If the lock names it. */
  readonly host?: string;
  readonly ageSeconds: number;
}
