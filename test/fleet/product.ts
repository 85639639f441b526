import { createBoundedFetch } from '../../src/adapters/node/boundedFetch.ts';
import type { OktaConnection } from '../../src/core/connection/connection.ts';
import { errorEffects, findSignInError } from '../../src/core/oauth/errors.ts';
import type { Log, SecretStore } from '../../src/core/ports.ts';
import { isUsable } from '../../src/core/session/refreshPolicy.ts';
import type { Session, SessionOf } from '../../src/core/session/session.ts';
import { recordOf } from '../../src/core/session/sessionRecord.ts';
import { createSessionStore } from '../../src/core/session/sessionStore.ts';
import { createHeadless } from '../../src/headless.ts';
import type { Developer } from './developers.ts';
import { createMachine } from './machine.ts';
import type { CallerNotes } from './notes.ts';
import type { Organization } from './organization.ts';
import { machineClock } from './virtualTime.ts';
import type { VirtualTime } from './virtualTime.ts';

// Loaded before virtual time starts, because it does not wait for the disk.
import '../../src/core/oidc/protocol.ts';
import '../../src/core/session/operations.ts';
import { signInSettings } from '../unit/fakes/examples.ts';

const issuer = 'https://fleet.example.com/oauth2/default';
const connection: OktaConnection = { type: 'okta', name: 'Fleet', issuer, clientId: 'fleet' };

/** The day of a fleet: its identity provider, its clock, and where callers' results are recorded. */
export interface FleetDay {
  readonly organization: Organization;
  readonly time: VirtualTime;
  /** Epoch milliseconds. */
  readonly midnight: number;
  readonly notes: CallerNotes;
}

/**
 * The product in every window of a developer, with a shared folder: the real composition, sessions, refresh
 * policy, background refresh and locks. Yesterday's tokens are stored, and have expired.
 */
export function openProduct(developer: Developer, { organization, time, midnight, notes }: FleetDay): void {
  const sleeps = developer.sleeps.map(({ from, to }) => ({ from: midnight + from, to: midnight + to }));
  const clock = machineClock(time, sleeps);
  const machine = createMachine(clock);
  const id = developer.id.toString(16).padStart(32, '0');
  const stored = machine.openRecords();
  const store = (session: Session): Promise<void> => stored.write(id, recordOf(session), '{}');
  void store(yesterdays(id, organization, midnight));
  const http = createBoundedFetch(
    () => organization.fetch,
    () => time.now(),
  );
  const windows = Array.from({ length: developer.windows }, () =>
    createHeadless({ folder: '', secrets: noSecrets, settings, clock, http, records: machine.openRecords() }),
  );
  const read = createSessionStore(stored, silentLog);
  const isGood = async (): Promise<boolean> => {
    const session = (await read.get(id))?.session;
    return session !== undefined && isUsable(time.now(), session.tokenSet);
  };
  const signal = new AbortController().signal;
  const ask = async (window: number): Promise<void> => {
    const askedAt = time.now();
    const wasGood = await isGood();
    try {
      await windows[window]?.sessions.withFreshToken(id, signal);
      notes.served(time.now() - askedAt, wasGood);
    } catch (error) {
      const kind = findSignInError(error)?.kind;
      if (kind === undefined) throw error;
      notes.failed(askedAt, errorEffects[kind].session === 'over');
    }
  };
  const askNext = (which: number): void => {
    const next = developer.asks[which];
    if (next === undefined) return;
    time.at(midnight + next.at, () => {
      askNext(which + 1);
      void ask(next.window);
    });
  };
  askNext(0);
}

function yesterdays(id: string, organization: Organization, midnight: number): SessionOf<OktaConnection> {
  const { accessToken, refreshToken } = organization.grant();
  const obtainedAt = midnight - 16 * 3600_000;
  return {
    type: 'okta',
    id,
    account: { id: `${issuer} ${id}`, label: id },
    tokenSet: {
      accessToken,
      refreshToken,
      obtainedAt,
      expiresAt: obtainedAt + 1000,
      scopes: ['openid', 'profile', 'offline_access'],
    },
    signedInAt: obtainedAt,
    requestedScopes: ['profile', 'offline_access'],
    connection,
    server: {
      issuer,
      authorizationEndpoint: `${issuer}/v1/authorize`,
      tokenEndpoint: `${issuer}/v1/token`,
      issParameter: false,
    },
  };
}

const settings = () => ({ ...signInSettings, redirectPorts: [] });

const noSecrets: SecretStore = {
  get: async () => undefined,
  set: async () => undefined,
  delete: async () => undefined,
  keys: async () => [],
  onDidChange: () => ({ [Symbol.dispose]: () => undefined }),
};

const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
