import { isSameOrganization } from '../../../src/adapters/node/publicSuffixes.ts';
import type { Connection } from '../../../src/core/connection/connection.ts';
import { resolveConnection } from '../../../src/input/customStartUrl.ts';
import { signInPolicy } from '../../../src/features/organizationPolicy.ts';
import type { OrganizationPolicy, OrganizationRules } from '../../../src/features/organizationPolicy.ts';
import type { SignInSettings } from '../../../src/core/session/acquireTokens.ts';
import { Sessions } from '../../../src/core/session/sessions.ts';
import type { Session } from '../../../src/core/session/session.ts';
import { createSessionStore } from '../../../src/core/session/sessionStore.ts';
import type { SessionsChange } from '../../../src/core/session/sessionStore.ts';
import { january, signInSettings } from './examples.ts';
import { fakeClock } from './fakeClock.ts';
import { fakeHttp } from './fakeHttp.ts';
import { fakeLog } from './fakeLog.ts';
import { fakeLoopback } from './fakeLoopback.ts';
import { fakeRecords } from './fakeRecords.ts';
import { fakeSecrets } from './fakeSecrets.ts';
import { fakeSsoOidc } from './fakeSsoOidc.ts';
import { migrateRecord } from '../../../src/features/oldRecords.ts';

type PortalLogout = (portal: string, accessToken: string, signal: AbortSignal) => Promise<void>;

/** All ports of `Sessions` as fakes over one record store; Okta responds immediately. */
export function fakePorts(...oktaAnswers: readonly unknown[]) {
  const secrets = fakeSecrets();
  const records = fakeRecords();
  const log = fakeLog();
  const oidc = fakeSsoOidc();
  const opened: string[] = [];
  const loggedOut: (readonly [portal: string, accessToken: string])[] = [];
  const { http, asked } = fakeHttp(...oktaAnswers);
  let settings = signInSettings;
  let rules: OrganizationRules = { file: '/etc/policy.json', state: 'none', policy: {}, files: [] };
  let logout: PortalLogout = async () => undefined;
  const ports = {
    clock: fakeClock(january),
    log,
    http,
    isSameOrganization,
    loopback: fakeLoopback(),
    secrets,
    store: createSessionStore(records, log, async (record) => migrateRecord(record)),
    settings: () => settings,
    policy: async () => signInPolicy(rules),
    resolve: (connection: Connection, signal: AbortSignal) => resolveConnection(http, connection, signal),
    ssoOidcAt: ({ url }: { readonly url: string }) => {
      opened.push(url);
      return oidc;
    },
    portalLogout: (async (portal, accessToken, signal) => {
      loggedOut.push([portal, accessToken]);
      await logout(portal, accessToken, signal);
    }) satisfies PortalLogout,
  };
  return {
    ports,
    organization: async () => rules,
    records,
    oidc,
    opened,
    loggedOut,
    askedOkta: asked,
    changeSettings: (changed: Partial<SignInSettings>) => (settings = { ...settings, ...changed }),
    allowOnly: (policy: OrganizationPolicy) => (rules = { ...rules, state: 'inForce', policy }),
    logoutDoes: (does: PortalLogout) => (logout = does),
  };
}

/** The sessions of one window with fakes, initially `stored`. */
export async function sessionsWorld(...stored: readonly Session[]) {
  const world = fakePorts();
  const { store } = world.ports;
  for (const session of stored) await store.put(session);
  const sessions = new Sessions(world.ports);
  const changes: SessionsChange[] = [];
  return {
    ...world,
    ...world.ports,
    sessions,
    /** Notifications to listeners since `listen`. */
    changes,
    listen: () => sessions.onDidChange((change) => changes.push(change)),
  };
}
