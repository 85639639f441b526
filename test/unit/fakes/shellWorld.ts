import type { Connection, OpenIdConnection } from '../../../src/core/connection/connection.ts';
import type { UserInteraction } from '../../../src/core/oauth/userInteraction.ts';
import type { SignInRequest } from '../../../src/core/session/acquireTokens.ts';
import type { Session, SessionOf } from '../../../src/core/session/session.ts';
import { readEntry, withConnection, withoutConnection } from '../../../src/features/connectionEntries.ts';
import { createCliSharing } from '../../../src/features/sharedStore.ts';
import type { SsoSessionsFound } from '../../../src/features/ssoSession.ts';
import type { ShellContext } from '../../../src/shell/context.ts';
import { SignIns } from '../../../src/shell/signIn/signIns.ts';
import { identityCenterSession, oktaSession } from './examples.ts';
import { EventEmitter } from './vscode.ts';
import { fakeTerminals } from './fakeTerminals.ts';
import { fakeAwsCli } from './fakeAwsCli.ts';
import { fakeMemento } from './fakeMemento.ts';
import { fakeSharedText } from './fakeSharedText.ts';
import { sessionsWorld } from './sessionsWorld.ts';

/** The behavior of a sign-in behind its UI. */
export type SignInDoes = (
  connection: Connection,
  request: SignInRequest,
  person: UserInteraction,
  signal: AbortSignal,
) => Promise<Session>;

export interface WorldOptions {
  readonly connections?: readonly Connection[];
  readonly stored?: readonly Session[];
  readonly signIn?: SignInDoes;
  /** The result of `openExternal`. */
  readonly opens?: boolean;
  readonly ui?: 'desktop' | 'web';
  readonly remoteName?: string | undefined;
  /** Raw entries of the setting, including invalid ones, instead of `connections`. */
  readonly entries?: readonly unknown[];
  /** The AWS CLI's configuration. */
  readonly awsConfig?: SsoSessionsFound;
}

/** A session for this connection, as if just signed in. */
export function sessionOf(connection: Connection): Session {
  if (connection.type === 'identityCenter') return { ...identityCenterSession, connection };
  return { ...oktaSession, type: connection.type, connection } as SessionOf<OpenIdConnection>;
}

/** The shell on the test's screen, with sign-ins controlled by the test. */
export async function shellWorld(options: WorldOptions = {}) {
  const { connections = [], stored = [], opens = true, ui = 'desktop' } = options;
  let entries = options.entries ?? connections;
  const awsConfig = options.awsConfig ?? { file: '/home/ada/.aws/config', sections: [] };
  const signIn: SignInDoes = options.signIn ?? (async (connection) => sessionOf(connection));
  const world = await sessionsWorld(...stored);
  const memento = fakeMemento();
  const expirations = fakeSharedText();
  const terminals = fakeTerminals();
  const awsCli = fakeAwsCli(() => world.clock.now());
  const cliSharing = createCliSharing(world.store, { awsCli, clock: world.clock, log: world.log });
  const begun: { readonly connection: Connection; readonly request: SignInRequest }[] = [];
  const saved: { readonly connection: Connection; readonly instead: Connection | undefined }[] = [];
  const opened: string[] = [];
  const openInBrowser = async (url: string): Promise<boolean> => {
    opened.push(url);
    return opens;
  };
  const signIns = new SignIns(
    {
      signIn: async (connection, request, person, signal) => {
        begun.push({ connection, request });
        return signIn(connection, request, person, signal);
      },
    },
    openInBrowser,
    async () => true,
  );
  const organizationChanged = new EventEmitter<void>();
  const context = {
    ...world,
    onDidChangeOrganization: organizationChanged.event,
    cliSharing,
    signIns,
    openInBrowser,
    memento,
    connections: async () =>
      entries.map(readEntry).flatMap((reading) => ('connection' in reading ? [reading.connection] : [])),
    editorEnvironment: { ui, remoteName: options.remoteName, runs: 'ui' },
    takenProviders: new Set<string>(),
    terminals,
    expirations: async () => expirations,
    connectionSettings: async () => ({
      readEntries: () => entries.map(readEntry),
      saveConnection: async (connection: Connection, instead?: Connection) => {
        saved.push({ connection, instead });
        entries = withConnection(entries, connection, instead);
      },
      removeConnection: async (connection: Connection) => {
        entries = withoutConnection(entries, connection);
      },
    }),
    ssoSessions: async () => awsConfig,
    awsCliPaths: async () => ({
      hostName: 'devbox',
      pathOf: (name: string) => `~/.aws/sso/cache/${name}.json`,
      shown: (path: string) => path.replace('/home/ada', '~'),
      found: async (name: string) => awsCli.files.get(name),
    }),
  } as unknown as ShellContext;
  return {
    ...world,
    context,
    organizationChanged,
    signIns,
    begun,
    saved,
    opened,
    memento,
    awsCli,
    terminals,
    expirations,
  };
}
