import type { LogOutputChannel, Memento } from 'vscode';
import type { Connection } from '../core/connection/connection.ts';
import type { EntryReading } from '../features/connectionEntries.ts';
import type { DiagnosticsData } from '../features/diagnosticsData.ts';
import type { EditorEnvironment } from '../core/oauth/flows.ts';
import type { FindRegionPorts } from '../core/identityCenter/findRegion.ts';
import type { SsoSessionsFound } from '../core/identityCenter/ssoSession.ts';
import type { AwsCliPaths } from '../features/machine.ts';
import type { OrganizationRules } from '../features/organizationPolicy.ts';
import type { HttpFetch, IsSameOrganization, Log } from '../core/ports.ts';
import type { SignInSettings } from '../core/session/grant.ts';
import type { SetupPorts } from '../setup/setupPorts.ts';
import type { Sessions } from '../core/session/sessions.ts';
import type { SignIns } from './signIn/signIns.ts';

/** What the shell's parts stand on; built once in `extension.ts`. */
export interface ShellContext {
  readonly sessions: Sessions;
  readonly signIns: SignIns;
  readonly log: Log;
  /** To be shown; what is written there goes through `log`. */
  readonly logChannel: Pick<LogOutputChannel, 'show'>;
  readonly http: HttpFetch;
  readonly isSameOrganization: IsSameOrganization;
  /** What should outlive the window and is no secret. */
  readonly memento: Memento;
  /** What finding a region takes, with the endpoint settings of the moment. */
  readonly findRegionPorts: () => Promise<FindRegionPorts>;
  /** What only the set-up checks ask of the outside. */
  readonly setupAdapters: () => Promise<
    Pick<SetupPorts, 'loopbackPorts' | 'txtRecords' | 'readSamlMetadata'>
  >;
  readonly settings: () => SignInSettings;
  /** The rules of the organisation at the moment, read anew. */
  readonly organisation: () => Promise<OrganizationRules>;
  /** The AWS CLI's files on this machine. */
  readonly awsCliPlace: () => Promise<AwsCliPaths>;
  /** What *Copy diagnostics* reports on, gathered now. */
  readonly diagnosticFacts: () => Promise<DiagnosticsData>;
  /** What the editor tells about itself. */
  readonly hostFacts: EditorEnvironment;
  readonly connections: () => Promise<readonly Connection[]>;
  /** The labels of those providers that another extension has registered before us. */
  readonly takenProviders: Set<string>;
  /** The setting of the connections, to be changed; rejects with what VS Code says when it cannot be written. */
  readonly connectionSettings: () => Promise<ConnectionSettings>;
  /** The `[sso-session]` sections of the AWS CLI's configuration, read anew. Never rejects. */
  readonly ssoSessions: () => Promise<SsoSessionsFound>;
}

/** The entries of `developerSignIn.connections`. */
export interface ConnectionSettings {
  /** All in their order, also those that cannot be read. */
  readEntries(): readonly EntryReading[];
  /** Writes a connection once, in the place of `instead` where that is given. */
  saveConnection(connection: Connection, instead?: Connection): Promise<void>;
  removeConnection(connection: Connection): Promise<void>;
}
