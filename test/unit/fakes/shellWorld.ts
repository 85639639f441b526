import type { Memento } from 'vscode';
import type { Connection } from '../../../src/core/connection/connection.ts';
import type { UserInteraction } from '../../../src/core/oauth/userInteraction.ts';
import type { SignInRequest } from '../../../src/core/session/acquireTokens.ts';
import type { Session } from '../../../src/core/session/session.ts';
import { createCliSharing } from '../../../src/features/sharedStore.ts';
import type { ShellContext } from '../../../src/shell/context.ts';
import { SignIns } from '../../../src/shell/signIn/signIns.ts';
import { identityCenterSession, oktaSession } from './examples.ts';
import { fakeAwsCli } from './fakeAwsCli.ts';
import { sessionsWorld } from './sessionsWorld.ts';

/** What a sign-in does behind its surface. */
export type SignInDoes = (
  connection: Connection,
  request: SignInRequest,
  person: UserInteraction,
  signal: AbortSignal,
) => Promise<Session>;

interface WorldOptions {
  readonly connections?: readonly Connection[];
  readonly stored?: readonly Session[];
  readonly signIn?: SignInDoes;
  /** What `openExternal` answers. */
  readonly opens?: boolean;
  readonly ui?: 'desktop' | 'web';
}

/** A session with this connection, as if it had just been signed in to. */
export function sessionOf(connection: Connection): Session {
  switch (connection.type) {
    case 'identityCenter':
      return { ...identityCenterSession, connection };
    case 'okta':
      return { ...oktaSession, connection };
    case 'oidc':
      return { ...oktaSession, type: 'oidc', connection };
  }
}

/** The shell over the screen of the test, with sign-ins that the test decides. */
export async function shellWorld(options: WorldOptions = {}) {
  const { connections = [], stored = [], opens = true, ui = 'desktop' } = options;
  const signIn: SignInDoes = options.signIn ?? (async (connection) => sessionOf(connection));
  const world = await sessionsWorld(...stored);
  const kept = new Map<string, unknown>();
  const memento = {
    get: (key: string, otherwise?: unknown) => kept.get(key) ?? otherwise,
    update: async (key: string, value: unknown) => void kept.set(key, value),
    keys: () => [...kept.keys()],
  };
  const begun: { readonly connection: Connection; readonly request: SignInRequest }[] = [];
  const saved: { readonly connection: Connection; readonly instead: Connection | undefined }[] = [];
  const opened: string[] = [];
  const signIns = new SignIns(
    {
      signIn: async (connection, request, person, signal) => {
        begun.push({ connection, request });
        return signIn(connection, request, person, signal);
      },
    },
    async (url) => {
      opened.push(url);
      return opens;
    },
    async () => true,
  );
  const context = {
    ...world,
    cliSharing: createCliSharing(world.store, {
      awsCli: fakeAwsCli(() => world.clock.now()),
      clock: world.clock,
      log: world.log,
    }),
    signIns,
    memento: memento as Memento,
    connections: async () => connections,
    hostFacts: { ui, remoteName: undefined, runs: 'ui' },
    takenProviders: new Set<string>(),
    connectionSettings: async () => ({
      readEntries: () => [],
      saveConnection: async (connection: Connection, instead?: Connection) =>
        void saved.push({ connection, instead }),
      removeConnection: async () => undefined,
    }),
    ssoSessions: async () => ({ file: '~/.aws/config', sections: [] }),
    awsCliPlace: async () => {
      throw new Error('No AWS CLI in this test');
    },
  } as unknown as ShellContext;
  return { ...world, context, signIns, begun, saved, opened, memento };
}
