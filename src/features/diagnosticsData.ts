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

/** A log that remembers its last events, oldest first. */
export interface RecentLog extends Log {
  recent(): readonly LogEvent[];
}
/** An event of the log, as it stands there. */
export interface LogEvent {
  /** Epoch milliseconds; of the last time, where it came several times in a row. */
  readonly at: number;
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly text: string;
  /** How often it came in a row. */
  readonly times: number;
}

/** What *Copy diagnostics* reports on. Sessions are whole here: who writes the report leaves their secrets out. */
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
  /** Which entries of the setting cannot be read, from 0, and where they are wrong. */
  readonly unreadableEntries: readonly { readonly index: number; readonly where: string }[];
  /** None where they could not be read: then `sessionsTrouble` says why. */
  readonly sessions: readonly Session[];
  readonly sessionsTrouble?: string;
  readonly failures: Readonly<Record<string, FailedAttempt>>;
  readonly lost: readonly LostSession[];
  readonly unreadable?: readonly UnreadableRecord[];
  readonly organization: OrganizationRules;
  /** The AWS CLI's configuration. */
  readonly awsConfig: SsoSessionsFound;
  readonly events: readonly LogEvent[];
  /** What stands for this person in paths, and is shown as `~`. */
  readonly home: string;
}

/** How a window stands to the programs of its terminals and tasks; no secret. */
export interface TerminalsData {
  /** Of this machine, as the sessions name it. */
  readonly hostName: string;
  /** Whether the terminals run on the machine of the extension. */
  readonly areHere: boolean;
  /** Whether programs can reach this window now. */
  readonly isOpen: boolean;
  /** The sessions that the person chose in this workspace, by their IDs. */
  readonly chosen: string | undefined;
  readonly ofAwsAccount: string | undefined;
  /** Programs that asked for a token in this window, by the ID of its session. */
  readonly uses: Readonly<Record<string, readonly ProgramUse[]>>;
}

/** A program that asked for a token. */
export interface ProgramUse {
  /** Its name, where the system tells it. */
  readonly program: string | undefined;
  readonly count: number;
  /** The last time, epoch milliseconds. */
  readonly lastAt: number;
}

/** Versions of what runs here. */
export interface Versions {
  readonly extension: string;
  /** Name, version and kind of the editor, such as `Visual Studio Code 1.139.1 (desktop)`. */
  readonly editor: string;
  readonly language: string;
  readonly node: string;
  readonly system: string;
}

/** A callback port, tried on each loopback address and let go at once. */
export interface PortStatus {
  readonly port: number;
  /** Those that could not be had; empty when it is free. */
  readonly refusals: readonly PortRefusal[];
}

/** What decides how a request goes out. Addresses are a host and a port and nothing else. */
export interface NetworkData {
  /** By the name of the setting; absent where it is not set. */
  readonly settings: Readonly<Record<string, string>>;
  /** By the name of the variable; absent where it is not set. */
  readonly variables: Readonly<Record<string, string>>;
}

/** How much a server's clock was ahead of this machine's when it answered last. */
export interface ClockSkew {
  readonly host: string;
  readonly seconds: number;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** What is in the storage folder, without its content. */
export interface StorageData {
  readonly keyring: KeyringState;
  /** Of the folder of the sealed records: its mode in octal, or the system's code. */
  readonly folder: string;
  readonly records: number;
  readonly locks: readonly LockState[];
}

/** `code` of what SecretStorage failed with; else what it holds. */
export type KeyringState =
  | { readonly state: 'fails'; readonly code: string }
  | { readonly state: 'answers'; readonly secrets: number; readonly hasSealingKey: boolean };

/** A lock file, and who holds it. */
export interface LockState {
  readonly name: string;
  readonly pid: number;
  /** `elsewhere`: of another machine or container, where its process cannot be seen from here. */
  readonly holder: 'thisWindow' | 'anotherProcess' | 'elsewhere' | 'dead';
  /** Where the lock says so. */
  readonly host?: string;
  readonly ageSeconds: number;
}
