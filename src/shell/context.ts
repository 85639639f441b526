import type { Event, LogOutputChannel, Memento } from 'vscode';
import type { Connection } from '../core/connection/connection.ts';
import type { EntryReading } from '../features/connectionEntries.ts';
import type { DiagnosticsData, ProgramUse } from '../features/diagnosticsData.ts';
import type { EditorEnvironment } from '../features/editorEnvironment.ts';
import type { FindRegionPorts } from '../input/findRegion.ts';
import type { ChosenAwsAccount } from '../features/awsProfile.ts';
import type { SsoSessionsFound } from '../features/ssoSession.ts';
import type { AwsCliPaths } from '../features/machine.ts';
import type { CliSharing } from '../features/sharedStore.ts';
import type { OrganizationRules } from '../features/organizationPolicy.ts';
import type { HttpFetch, IsSameOrganization, Log } from '../core/ports.ts';
import type { SharedText } from '../setup/setupPorts.ts';
import type { SignInRequest, SignInSettings } from '../core/session/acquireTokens.ts';
import type { Session } from '../core/session/session.ts';
import type { SetupAdapters } from '../setup/setupPorts.ts';
import type { Sessions } from '../core/session/sessions.ts';

/** The dependencies of the shell, built once in `extension.ts`. */
export interface ShellContext {
  readonly sessions: Sessions;
  readonly signIns: PendingSignIns;
  /** Opens an address in the user's browser; resolves with whether it was opened. */
  readonly openInBrowser: (url: string) => Promise<boolean>;
  readonly log: Log;
  /** For display only; use `log` to write. */
  readonly logChannel: Pick<LogOutputChannel, 'show'>;
  readonly http: HttpFetch;
  readonly isSameOrganization: IsSameOrganization;
  /** Stored beyond the window; not for secrets. */
  readonly memento: Memento;
  /** Dependencies of the Region search, with the current endpoint settings. */
  readonly findRegionPorts: () => Promise<FindRegionPorts>;
  /** Ports that only the setup checks need. */
  readonly setupAdapters: () => Promise<SetupAdapters>;
  /** The file of expirations from setup checks, for reminders. */
  readonly expirations: () => Promise<SharedText>;
  readonly settings: () => SignInSettings;
  readonly cliSharing: CliSharing;
  /** The terminals of this window, whose programs may request tokens. */
  readonly terminals: Terminals;
  /** The current rules of the organization, read on each call. */
  readonly organization: () => Promise<OrganizationRules>;
  /** Fires after the organization's rules have changed. */
  readonly onDidChangeOrganization: Event<void>;
  /** The AWS CLI's files on this machine. */
  readonly awsCliPaths: () => Promise<AwsCliPaths>;
  /** Gathers the current data for *Copy Diagnostics*. */
  readonly diagnosticsData: () => Promise<DiagnosticsData>;
  /** The editor's description of where it runs. */
  readonly editorEnvironment: EditorEnvironment;
  readonly connections: () => Promise<readonly Connection[]>;
  /** Labels of our providers that another extension has registered. */
  readonly takenProviders: Set<string>;
  /** The setting of the connections, for editing; rejects with VS Code's error if it cannot be written. */
  readonly connectionSettings: () => Promise<ConnectionSettings>;
  /** The `[sso-session]` sections of the AWS CLI's configuration, read on each call. Never rejects. */
  readonly ssoSessions: () => Promise<SsoSessionsFound>;
}

/** The terminals of this window. */
export interface Terminals {
  /** The AWS CLI's configuration, for adding profiles; its methods reject with the system's error. */
  readonly awsConfig: () => Promise<{
    readonly path: string;
    read(): Promise<string>;
    append(lines: readonly string[]): Promise<void>;
    change(edit: (text: string) => string): Promise<void>;
  }>;
  /** The command for `sso-token` in programs that start others without a shell, such as the AWS CLI. */
  readonly command: () => Promise<string>;
  /** Name of this machine, to which a consent is limited. */
  readonly hostName: string;
  /** Terminal access to this window; loaded on first use. */
  readonly access: () => Promise<TerminalControl>;
}

/** Controls this window's access for terminal programs. */
export interface TerminalControl {
  /** ID of the session that `sso-token` uses without a name; stored in the workspace. */
  readonly byDefault: string | undefined;
  setDefault(id: string): Promise<void>;
  /** The AWS account for new terminals of this workspace. */
  readonly awsAccount: ChosenAwsAccount | undefined;
  chooseAwsAccount(account: ChosenAwsAccount | undefined): Promise<void>;
  /** Whether programs can connect to this window now. */
  readonly isOpen: boolean;
  /** Opens or closes access according to the current sessions. Never rejects. */
  update(): Promise<void>;
  /** Runs work that may ask the user in sequence, so that programs started together ask once. */
  inSequence<T>(work: () => Promise<T>): Promise<T>;
  /** Programs that requested a session's token in this window, latest first. */
  usesOf(id: string): readonly ProgramUse[];
  readonly onDidUse: Event<void>;
}

/** The entries of `developerSignIn.connections`. */
export interface ConnectionSettings {
  /** All entries in order, including invalid ones. */
  readEntries(): readonly EntryReading[];
  /** Saves a connection without duplicates, replacing `instead` if given. */
  saveConnection(connection: Connection, instead?: Connection): Promise<void>;
  removeConnection(connection: Connection): Promise<void>;
}

/** The initiator of a sign-in: the user, or a link or extension through command arguments or a token request. */
export type StartedBy = 'user' | 'request';

/** Options of a sign-in and its prompt. */
export interface RunOptions {
  readonly signal?: AbortSignal;
  readonly startedBy?: StartedBy;
  /** Whether an invalid value can be edited in the prompt and tried again. */
  readonly canEdit?: boolean;
  /** Whether it tests a setup, which its title shows. */
  readonly isTest?: true;
  /** Whether the connection was selected without asking the user. */
  readonly canChooseAnother?: boolean;
  /** Whether a sign-in to this connection has succeeded before, so its address is not mistyped. */
  readonly isProven?: boolean;
}

/** A sign-in in progress in this window. */
export interface PendingSignIn {
  /** Unique in this window. */
  readonly key: string;
  readonly connection: Connection;
  /** The expected account, if there is one. */
  readonly account?: string;
  /** The current code that the browser must show, if any. */
  readonly code: () => string | undefined;
  /** Shows its prompt; focuses one that is already visible. */
  readonly show: () => void;
  readonly cancel: () => void;
}

/** The sign-ins in progress in this window, each with its prompt. */
export interface PendingSignIns {
  readonly onDidChange: Event<void>;
  /** Newest first. */
  readonly all: readonly PendingSignIn[];
  /** Whether a sign-in is waiting for the browser or a server. */
  readonly isActive: boolean;
  /** Hides all prompts for another list of this extension. The sign-ins continue. */
  hidePrompts(): void;
  /**
   * Signs in to a connection with a prompt of its own, which closes when this settles. A sign-in by the user
   * cancels one in progress for the same connection; one begun by arguments never cancels the user's.
   * @throws SignInError as the flow; `cancelled` when the user canceled; `codeExpired` with the reason
   * `abandoned` when the user had hidden the prompt
   */
  run(connection: Connection, request?: SignInRequest, options?: RunOptions): Promise<Session>;
}
