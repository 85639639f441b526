import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { createBoundedFetch } from '../../src/adapters/node/boundedFetch.ts';
import type { OidcConnection } from '../../src/core/connection/connection.ts';
import { findSignInError } from '../../src/core/oauth/errors.ts';
import { ownRedirectPath, redirectUriAt } from '../../src/core/oidc/redirectUri.ts';
import type { Sessions } from '../../src/core/session/sessions.ts';
import { createHeadless } from '../../src/headless.ts';
import { CLIENT_ID, startOidcProvider } from '../sandbox/oidc/provider.ts';
import type { OidcProvider, OidcSettings } from '../sandbox/oidc/provider.ts';
import { ana, personWho } from './people.ts';
import type { TestPerson } from './people.ts';
import { freePorts } from '../unit/fakes/ports.ts';
import { secretsWithKey } from './secretStores.ts';
import { noSignal } from './scene.ts';
import { createTestClock, whileTimeFlies } from './testClock.ts';
import type { TestClock } from './testClock.ts';
import { signInSettings } from '../unit/fakes/examples.ts';

/** A vendor: its server, and the configuration of a connection to it. */
export interface Vendor {
  readonly settings: OidcSettings;
  readonly connection: Partial<OidcConnection>;
  /** The expected account label of the user with this login. */
  readonly loginOf: (username: string) => string;
  /** The expected redirect URI. */
  readonly redirectUri: RegExp;
}

export const ports = await freePorts(3);
/** A provider with fixed ports. */
export const standard: OidcSettings = {
  issuerPath: '',
  redirectUris: async (issuer) => {
    const path = await ownRedirectPath(issuer);
    return ports.map((port) => redirectUriAt(port, path));
  },
  anyPort: false,
  issParameter: true,
  revocation: true,
  deviceGrant: false,
  refreshTokens: 'strict',
  idTokenClaims: ['preferred_username', 'email'],
  metadata: (document) => document,
};
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

export interface Scene {
  readonly provider: OidcProvider;
  readonly sessions: Sessions;
  readonly clock: TestClock;
  readonly connection: OidcConnection;
  /** Ana by default. */
  readonly signIn: (username?: string) => ReturnType<Sessions['signIn']>;
}

/** A provider, and a window of the product without an editor; both end with the test. */
export async function sceneAt({
  settings,
  connection: members,
}: Pick<Vendor, 'settings' | 'connection'>): Promise<Scene> {
  const provider = await startOidcProvider(settings);
  ends.push(() => provider.close());
  const folder = mkdtempSync(join(tmpdir(), 'developer-sign-in-'));
  const clock = createTestClock();
  const { sessions } = createHeadless({
    folder,
    secrets: secretsWithKey(),
    clock,
    http: createBoundedFetch(
      () => fetch,
      () => clock.now(),
    ),
    settings: () => ({ ...signInSettings, redirectPorts: ports }),
  });
  ends.push(() => {
    sessions[Symbol.dispose]();
    rmSync(folder, { recursive: true, force: true });
  });
  const connection: OidcConnection = {
    type: 'oidc',
    name: 'Sandbox',
    issuer: provider.issuer,
    clientId: CLIENT_ID,
    ...members,
  };
  const signIn: Scene['signIn'] = (username = ana) => {
    const person = signingIn(provider, username);
    const session = sessions.signIn(connection, {}, person, noSignal);
    return connection.flow === 'deviceCode' ? whileTimeFlies(clock, session) : session;
  };
  return { provider, sessions, clock, connection, signIn };
}

function signingIn(provider: OidcProvider, username: string): TestPerson {
  return personWho(async ({ url }) => {
    const { location } = await provider.authorize(url, username);
    if (location !== undefined) await fetch(location);
  });
}

export async function failureOf(promise: Promise<unknown>) {
  const error: unknown = await promise.then(
    () => new Error('Nothing failed'),
    (reason: unknown) => reason,
  );
  const known = findSignInError(error);
  if (known === undefined) throw error;
  return { kind: known.kind, ...known.details };
}
