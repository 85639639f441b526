import type { Faults } from '../faults.ts';
import type { Person } from '../people.ts';
import type { RequestLog } from '../requestLog.ts';
import type { SecretsSeen } from '../secretsSeen.ts';
import { type PreferredPlace, startServer } from '../server.ts';
import type { IdentityCenterState } from './api.ts';
import { createAuthorizationRequests } from './authorizationRequests.ts';
import { createDecisions, type Decisions } from './decisions.ts';
import { createDeviceAuthorizations } from './deviceAuthorizations.ts';
import { BUILDER_ID_DIRECTORY, type Directory, MAIN_DIRECTORY, OTHER_DIRECTORIES } from './directories.ts';
import type { FederatedInstance, Federation } from './federation.ts';
import { createRegistrations } from './registrations.ts';
import { createRoleCredentials } from './roleCredentials.ts';
import { createHandler } from './routes.ts';
import { createSessions, type SessionData } from './sessions.ts';
import { DEFAULT_SETTINGS, type IdentityCenterSettings } from './settings.ts';
import { answerSts } from './sts.ts';
import { createWatched } from './watched.ts';

/** Parts shared with the rest of the sandbox, and settings that differ from the service's. */
export interface IdentityCenterOptions extends Partial<IdentityCenterSettings> {
  readonly people: readonly Person[];
  readonly faults: Faults;
  readonly requestLog: RequestLog;
  readonly secretsSeen?: SecretsSeen;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly place?: PreferredPlace;
}

/** Counters for tests. */
export interface IdentityCenterStats {
  readonly registrations: number;
  readonly deviceAuthorizations: number;
  /** CreateToken requests with a device code from a known client, including `slowDowns`. */
  readonly polls: number;
  readonly slowDowns: number;
  /** Total over all sessions; `sessions` has the individual numbers. */
  readonly acceptedRefreshes: number;
  readonly reusesInsideGrace: number;
  readonly reusesAfterGrace: number;
  readonly liveSessions: number;
  readonly revokedSessions: number;
  readonly sessions: readonly SessionData[];
}

/** A running IAM Identity Center stand-in; the caller closes it. */
export interface IdentityCenterStandIn extends Decisions {
  readonly origin: string;
  readonly startUrl: string;
  readonly region: string;
  /** Template with `{region}` for the client to replace. */
  readonly endpoint: string;
  /** Template with `{region}` for the client to replace. */
  readonly portalEndpoint: string;
  readonly builderIdStartUrl: string;
  readonly otherStartUrls: readonly Directory[];
  /** Responds with 200 to a bearer token with the scope `codewhisperer:completions`. */
  readonly protectedUrl: string;
  /**
   * *Change identity source* of the federated instance, and *Enable automatic provisioning*.
   * @param metadataXml the identity provider's saved metadata
   */
  changeIdentitySource(metadataXml: string): Promise<FederatedInstance>;
  /** Responds as AWS STS does, at any address, to credentials issued by the access portal. */
  sts(request: Request): Promise<Response>;
  /** The session of an access or refresh token. */
  sessionOf(token: string): SessionData | undefined;
  endSession(sessionId: string): void;
  expireRegistration(clientId: string): void;
  stats(): IdentityCenterStats;
  close(): Promise<void>;
}

/** Starts IAM Identity Center's SSO-OIDC API, access portal and pages on a free loopback port. */
export async function startIdentityCenter(options: IdentityCenterOptions): Promise<IdentityCenterStandIn> {
  const state = createState(options);
  const watched = createWatched(options.requestLog, options.faults);
  const { place, secretsSeen } = options;
  let federation: Federation | undefined;
  const server = await startServer(
    (origin) => createHandler({ ...options, state, origin, watched, federation: () => federation }),
    place,
    secretsSeen?.watch,
  );
  const { origin } = server;
  return {
    origin,
    ...MAIN_DIRECTORY,
    endpoint: `${origin}/oidc/{region}`,
    portalEndpoint: `${origin}/portal/{region}`,
    builderIdStartUrl: BUILDER_ID_DIRECTORY.startUrl,
    otherStartUrls: OTHER_DIRECTORIES,
    protectedUrl: `${origin}/completions`,
    ...createDecisions(options.people, state),
    async changeIdentitySource(metadataXml) {
      // Load on first use: its dependencies are slow to load, and most tests do not need it.
      const { createFederation } = await import('./federation.ts');
      federation = createFederation({ origin, metadataXml, watched, now: options.now });
      return federation;
    },
    sts: (request) => answerSts(state.roleCredentials, request),
    sessionOf: (token) => state.sessions.withAnyToken(token),
    endSession: (sessionId) => state.sessions.end(sessionId),
    expireRegistration: (clientId) => state.registrations.expire(clientId),
    stats: () => statsOf(state),
    close: () => server.close(),
  };
}

function createState(options: IdentityCenterOptions): IdentityCenterState {
  const { now } = options;
  const settings: IdentityCenterSettings = { ...DEFAULT_SETTINGS, ...options };
  const registrations = createRegistrations(now, settings);
  return {
    registrations,
    deviceAuthorizations: createDeviceAuthorizations(now, settings),
    authorizationRequests: createAuthorizationRequests(now, settings, registrations),
    sessions: createSessions(now, settings),
    roleCredentials: createRoleCredentials(now),
  };
}

function statsOf({
  registrations,
  deviceAuthorizations,
  sessions,
}: IdentityCenterState): IdentityCenterStats {
  const { started, polls, slowDowns } = deviceAuthorizations.counts();
  const all = sessions.list();
  const sum = (count: 'acceptedRefreshes' | 'reusesInsideGrace' | 'reusesAfterGrace'): number =>
    all.reduce((total, session) => total + session[count], 0);
  return {
    registrations: registrations.count(),
    deviceAuthorizations: started,
    polls,
    slowDowns,
    acceptedRefreshes: sum('acceptedRefreshes'),
    reusesInsideGrace: sum('reusesInsideGrace'),
    reusesAfterGrace: sum('reusesAfterGrace'),
    liveSessions: all.filter(({ state }) => state === 'live').length,
    revokedSessions: all.filter(({ state }) => state === 'revoked').length,
    sessions: all,
  };
}
