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

/** What the shell's parts stand on; built once in `extension.ts`. */
export interface ShellContext {
  readonly sessions: Sessions;
  readonly signIns: SignInsUnderWay;
  /** Opens an address in the person's browser; whether it was opened. */
  readonly openInBrowser: (url: string) => Promise<boolean>;
  readonly log: Log;
  /** To be shown; what is written there goes through `log`. */
  readonly logChannel: Pick<LogOutputChannel, 'show'>;
  readonly http: HttpFetch;
  readonly isSameOrganization: IsSameOrganization;
  /** What should outlive the window and is not secret. */
  readonly memento: Memento;
  /** What finding a region takes, with the endpoint settings of the moment. */
  readonly findRegionPorts: () => Promise<FindRegionPorts>;
  /** What only the setup checks ask of the outside. */
  readonly setupAdapters: () => Promise<SetupAdapters>;
  /** The ends that setup checks saw, to remind people of them. */
  readonly expirations: () => Promise<SharedText>;
  readonly settings: () => SignInSettings;
  readonly cliSharing: CliSharing;
  /** The terminals of this window, whose programs may ask for tokens. */
  readonly terminals: Terminals;
  /** The rules of the organization at the moment, read anew. */
  readonly organization: () => Promise<OrganizationRules>;
  /** After the rules of the organization have changed. */
  readonly onDidChangeOrganization: Event<void>;
  /** The AWS CLI's files on this machine. */
  readonly awsCliPaths: () => Promise<AwsCliPaths>;
  /** What *Copy diagnostics* reports on, gathered now. */
  readonly diagnosticsData: () => Promise<DiagnosticsData>;
  /** What the editor tells about itself. */
  readonly editorEnvironment: EditorEnvironment;
  readonly connections: () => Promise<readonly Connection[]>;
  /** The labels of those providers that another extension has registered before us. */
  readonly takenProviders: Set<string>;
  /** The setting of the connections, to be changed; rejects with what VS Code says when it cannot be written. */
  readonly connectionSettings: () => Promise<ConnectionSettings>;
  /** The `[sso-session]` sections of the AWS CLI's configuration, read anew. Never rejects. */
  readonly ssoSessions: () => Promise<SsoSessionsFound>;
}

/** The terminals of this window. */
export interface Terminals {
  /** The AWS CLI's configuration, to which a profile may be added; its methods reject with the system's error. */
  readonly awsConfig: () => Promise<{
    readonly path: string;
    read(): Promise<string>;
    append(lines: readonly string[]): Promise<void>;
    change(edit: (text: string) => string): Promise<void>;
  }>;
  /** How a program that starts others without a shell, as the AWS CLI does, calls `sso-token`. */
  readonly command: () => Promise<string>;
  /** This machine: a yes counts where it was given. */
  readonly hostName: string;
  /** What opens the window to the programs of its terminals; loaded when it is first asked for. */
  readonly access: () => Promise<TerminalControl>;
}

/** How this window stands to the programs of its terminals. */
export interface TerminalControl {
  /** The session that `sso-token` means without a name, by its ID; the workspace keeps it. */
  readonly byDefault: string | undefined;
  setDefault(id: string): Promise<void>;
  /** The AWS account that new terminals of this workspace use. */
  readonly awsAccount: ChosenAwsAccount | undefined;
  chooseAwsAccount(account: ChosenAwsAccount | undefined): Promise<void>;
  /** Whether programs can reach this window now. */
  readonly isOpen: boolean;
  /** Opens and closes the window as the sessions are now. Never rejects. */
  update(): Promise<void>;
  /** Does one after the other what may ask a person, for whom what is started together is one thing. */
  inSequence<T>(work: () => Promise<T>): Promise<T>;
  /** Who asked for the token of a session in this window, the last one first. */
  usesOf(id: string): readonly ProgramUse[];
  readonly onDidUse: Event<void>;
}

/** The entries of `developerSignIn.connections`. */
export interface ConnectionSettings {
  /** All in their order, also those that cannot be read. */
  readEntries(): readonly EntryReading[];
  /** Writes a connection once, in the place of `instead` where that is given. */
  saveConnection(connection: Connection, instead?: Connection): Promise<void>;
  removeConnection(connection: Connection): Promise<void>;
}

/** Who began a sign-in: a person, or a link or an extension by the arguments of a command or a request for a token. */
export type BegunBy = 'person' | 'arguments';

/** How a sign-in is run, and what its surface may offer. */
export interface RunOptions {
  readonly signal?: AbortSignal;
  readonly begunBy?: BegunBy;
  /** Whether a value that is wrong can be edited here, and tried again. */
  readonly canEdit?: boolean;
  /** Whether it is made to test a setup, which its title says. */
  readonly isTest?: true;
  /** Whether the connection was taken without a question. */
  readonly canChooseAnother?: boolean;
  /** Whether a sign-in to this connection has worked before, so that nothing of its address can be mistyped. */
  readonly isProven?: boolean;
}

/** A sign-in that is under way in this window. */
export interface SignInUnderWay {
  /** Different from every other one of this window. */
  readonly key: string;
  readonly connection: Connection;
  /** The account that is meant, where one is. */
  readonly account?: string;
  /** The code that the browser has to show, while there is one. */
  readonly code: () => string | undefined;
  /** Brings its surface back; one that is there gets the keyboard. */
  readonly show: () => void;
  readonly cancel: () => void;
}

/** The sign-ins that are under way in this window, each with its surface. */
export interface SignInsUnderWay {
  readonly onDidChange: Event<void>;
  /** The newest first. */
  readonly all: readonly SignInUnderWay[];
  /** Whether a sign-in waits for the browser or for a server. */
  readonly underWay: boolean;
  /** Hides every surface for another list of this product. The sign-ins go on. */
  makeWay(): void;
  /**
   * Signs in to a connection with a surface of its own, which is gone when this settles. A person who begins one ends
   * the one that is under way for the same connection; one that was begun by arguments ends no person's.
   * @throws SignInError as the flow; `cancelled` when the person gave up; `codeExpired` with the reason `abandoned` when
   * the person had left it
   */
  run(connection: Connection, request?: SignInRequest, options?: RunOptions): Promise<Session>;
}
