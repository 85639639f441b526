import { IncomingMessage, type ServerResponse } from 'node:http';
import { type AdapterPayload, Provider } from 'oidc-provider';
import { createFaults, type Faults } from '../faults.ts';
import { groups, people as everyone, type Person } from '../people.ts';
import { createRequestLog, type RequestLog } from '../requestLog.ts';
import type { SecretsSeen } from '../secretsSeen.ts';
import { type PreferredPlace, readBody, type RequestHandler, startServer } from '../server.ts';
import { createSigningKey, publicKeyOf } from './accessTokens.ts';
import { createManagementApi, type ManagementApi } from './api/managementApi.ts';
import { createStorage, type Storage } from './adapter.ts';
import { type Assignments, createAssignments } from './assignments.ts';
import { type Arrival, createBrowser } from './browser.ts';
import { configurationFor } from './configuration.ts';
import { type Metadata, metadataOf } from './metadata.ts';
import { speakOkta } from './oktaAnswers.ts';
import { apiError } from './oktaMessages.ts';
import { createProtectedResource } from './protectedResource.ts';
import { COMPLETIONS_PATH, type Endpoint, endpointAt, operationOf } from './routes.ts';
import type { SamlApplication } from './saml/samlApplication.ts';
import { GUIDE_SETTINGS, type OktaSettings } from './settings.ts';
import { createSignInPages } from './signInPages.ts';
import { countGrants, type OktaStats } from './stats.ts';

export interface OktaOptions extends Partial<OktaSettings> {
  readonly people?: readonly Person[];
  readonly faults?: Faults;
  readonly requestLog?: RequestLog;
  readonly secretsSeen?: SecretsSeen;
  /**
   * Epoch milliseconds; `Date.now` by default. Used by the grace period of token rotation and by the protected
   * resource, but not by lifetimes of tokens, codes and browser sessions: oidc-provider supports only `Date.now`.
   */
  readonly now?: () => number;
  readonly place?: PreferredPlace;
}

/** A running Okta organization with one custom authorization server and one native application. */
export interface OktaOrganization {
  /** `http://[::1]:PORT`. */
  readonly origin: string;
  /** `{origin}/oauth2/aus…`. */
  readonly issuer: string;
  readonly clientId: string;
  readonly settings: OktaSettings;
  /** `GET` with a bearer token and the header `TokenType: EXTERNAL_IDP`; returns a `Completion`. */
  readonly protectedUrl: string;
  readonly faults: Faults;
  readonly requestLog: RequestLog;
  /** Changes the metadata from now on: receives Okta's document, returns the one to send. */
  patchMetadata(patch: (document: Metadata) => Metadata): void;
  stats(): OktaStats;
  /** The grant of a refresh token; `undefined` if the server does not know the token. */
  grantOf(refreshToken: string): string | undefined;
  /** Users assigned to each application. */
  readonly assignments: Assignments;
  /** Okta's own API and its data. */
  readonly management: ManagementApi;
  /**
   * Adds the SAML application of the setup.
   * @param certificateEndsAt epoch milliseconds; ten years from now by default
   */
  addSamlApplication(certificateEndsAt?: number): Promise<SamlApplication>;
  /** Whether the protected resource accepts a user, as its administrator decided; everyone by default. */
  serviceIsFor(isEntitled: (username: string) => boolean): void;
  /** Completes an authorization request or a device activation in a browser of its own; see `Browser`. */
  authorize(url: string, username: string): Promise<Arrival>;
  /**
   * The effect of *Clear user sessions* and *revoke tokens*: ends a user's browser sessions and grants. Access
   * tokens stay valid until they expire.
   * @returns the number of grants that had a valid refresh token
   */
  endSessions(username: string): number;
  close(): Promise<void>;
}

/** Starts an organization on a free loopback port, set up as in the guide except for `options`. */
export async function startOkta(options: OktaOptions = {}): Promise<OktaOrganization> {
  const {
    people = everyone,
    faults = createFaults(),
    requestLog = createRequestLog(),
    secretsSeen,
    now = Date.now,
    place,
    ...changes
  } = options;
  const settings: OktaSettings = { ...GUIDE_SETTINGS, ...changes };
  const issuerPath = `/oauth2/${settings.authorizationServerId}`;
  const storage = createStorage();
  const signingKey = await createSigningKey();
  const counts = countGrants(storage);
  const assignments = createAssignments(people, groups);
  let isEntitled: (username: string) => boolean = () => true;
  let samlApplication: SamlApplication | undefined;
  let patch = (document: Metadata): Metadata => document;

  let provider: Provider;
  let management: ManagementApi;
  const handlerFor = (origin: string): RequestHandler => {
    const issuer = origin + issuerPath;
    const configuration = configurationFor({
      issuer,
      settings,
      people,
      assignments,
      signingKey,
      storage,
      now,
      onReuseInsideGrace: () => counts.onReuseInsideGrace(),
    });
    provider = new Provider(issuer, configuration);
    speakOkta(provider, settings);
    counts.watch(provider);
    const handle = createHandler({
      metadata: () => patch(metadataOf(issuer, settings)),
      signIn: createSignInPages(provider, people),
      completions: createProtectedResource(publicKeyOf(signingKey), now, (username) => isEntitled(username)),
      provider: provider.callback(),
      samlApplication: () => samlApplication,
      api: (management = createManagementApi(issuer, settings, now)),
    });

    return async (req, res) => {
      const endpoint = endpointAt(issuerPath, pathOf(req));
      // A token request's operation name contains its grant type, so read the body before applying faults.
      const body = endpoint === 'token' ? await readBody(req) : undefined;
      const operation = operationOf(endpoint, body);
      res.setHeader('x-okta-request-id', requestLog.watch('okta', operation, req, res));
      const request = body === undefined ? req : readAgain(req, body);
      await faults.around(operation, req, res, (to) => handle(endpoint, request, to));
    };
  };

  const server = await startServer(handlerFor, place, secretsSeen?.watch);
  return {
    origin: server.origin,
    issuer: server.origin + issuerPath,
    clientId: settings.clientId,
    settings,
    protectedUrl: server.origin + COMPLETIONS_PATH,
    faults,
    requestLog,
    patchMetadata(change) {
      patch = change;
    },
    stats: () => counts.stats(),
    grantOf: (refreshToken) => recordOf(storage, refreshToken)?.grantId,
    assignments,
    get management() {
      return management;
    },
    async addSamlApplication(certificateEndsAt) {
      // Load on first use: its dependencies are slow to load, and most tests do not need it.
      const { createSamlApplication } = await import('./saml/samlApplication.ts');
      const { origin } = server;
      samlApplication = await createSamlApplication({
        origin,
        provider,
        people,
        assignments,
        certificateEndsAt,
        now,
      });
      return samlApplication;
    },
    serviceIsFor(entitled) {
      isEntitled = entitled;
    },
    authorize: (url, username) => createBrowser(people).open(url, username),
    endSessions(username) {
      const before = counts.stats().liveGrants;
      storage.endBrowserSessions(username);
      for (const { accountId, jti } of storage.records('Grant')) {
        if (accountId === username && jti !== undefined) storage.revokeTokens(jti);
      }
      return before - counts.stats().liveGrants;
    },
    close: () => server.close(),
  };
}

interface Handlers {
  readonly metadata: () => Metadata;
  readonly signIn: RequestHandler;
  readonly completions: RequestHandler;
  readonly provider: RequestHandler;
  readonly samlApplication: () => SamlApplication | undefined;
  readonly api: ManagementApi;
}

function createHandler(handlers: Handlers) {
  return async (endpoint: Endpoint, req: IncomingMessage, res: ServerResponse): Promise<void> => {
    switch (endpoint) {
      case 'metadata':
        sendJson(res, 200, handlers.metadata());
        break;
      case 'signIn':
        await handlers.signIn(req, res);
        break;
      case 'completions':
        await handlers.completions(req, res);
        break;
      case 'samlApplication': {
        const application = handlers.samlApplication();
        if (application === undefined) sendNotFound(res);
        else await application.handle(req, res);
        break;
      }
      case 'api':
        await handlers.api.handle(req, res);
        break;
      case 'unknown':
        sendNotFound(res);
        break;
      default:
        await handlers.provider(req, res);
    }
  };
}

function sendJson(res: ServerResponse, status: number, body: object): void {
  res.writeHead(status, { 'content-type': 'application/json' });
  res.end(JSON.stringify(body));
}

function sendNotFound(res: ServerResponse): void {
  sendJson(res, 404, apiError('E0000007', 'Not found: Resource not found.'));
}

function pathOf(req: IncomingMessage): string {
  return (req.url ?? '').replace(/[?#].*$/s, '');
}

/** Replays the body of a request that has been read: oidc-provider rejects a request that it cannot read. */
function readAgain(req: IncomingMessage, body: string): IncomingMessage {
  const again = new IncomingMessage(req.socket);
  const { method, url, headers, httpVersion } = req;
  Object.assign(again, { method, url, headers, httpVersion, complete: true });
  again.push(body);
  again.push(null);
  return again;
}

function recordOf(storage: Storage, refreshToken: string): AdapterPayload | undefined {
  return storage.records('RefreshToken').find(({ jti }) => jti === refreshToken);
}
