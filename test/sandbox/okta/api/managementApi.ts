import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { apiError } from '../oktaMessages.ts';
import { GUIDE_SCOPES, type OktaSettings } from '../settings.ts';
import { people } from '../../people.ts';
import { readBody } from '../../server.ts';
import { API_TOKEN_PATH } from '../routes.ts';
import { problemsOf } from './schema.ts';
import { createServiceApp, type ServiceApp } from './serviceApp.ts';

/** The administrator's settings, as Okta's API reports them. Setup slips change them in place. */
export interface ManagedResources {
  oidc: Record<string, unknown>;
  /** The *AWS IAM Identity Center* applications. */
  saml: Record<string, unknown>[];
  groups: Record<string, unknown>[];
  users: Record<string, unknown>[];
  /** The certificate keys of the SAML application; one without `x5c` has the active signing certificate. */
  keys: Record<string, unknown>[];
  /** The organization's own users and groups, and group memberships. */
  people: Record<string, unknown>[];
  directory: Record<string, unknown>[];
  members: readonly string[];
  /** The System Log. */
  events: Record<string, unknown>[];
  /** Results of a policy simulation for the applications, and their rule. */
  evaluations: Record<string, unknown>[];
  accessRule: Record<string, unknown>;
  mappings: Record<string, unknown>[];
  /** Settings of the application that provisions users to Kiro. */
  scimGroups: Record<string, unknown>[];
  scimUsers: Record<string, unknown>[];
  server: Record<string, unknown>;
  scopes: Record<string, unknown>[];
  policies: Record<string, unknown>[];
  rules: Record<string, unknown>[];
}

/**
 * Okta's Admin Management API, as far as the product reads it, with the token of a read-only administrator or a
 * service app.
 */
export interface ManagementApi {
  readonly token: string;
  readonly resources: ManagedResources;
  readonly serviceApp: ServiceApp;
  /** The SAML application's signing certificate, base64. */
  signsWith: () => string;
  handle(req: IncomingMessage, res: ServerResponse): Promise<void>;
}

const SAML_APPLICATION = '0oa1devsandbox0saml7';
const SCIM_APPLICATION = '0oa1devsandbox0kiro7';

/** Answers read operations only, and sends only what Okta's published schemas allow (schemas.json). */
export function createManagementApi(
  issuer: string,
  settings: OktaSettings,
  now: () => number,
): ManagementApi {
  const token = `00${randomBytes(30).toString('base64url')}`;
  const resources = resourcesFor(issuer, settings);
  const serviceApp = createServiceApp(new URL(issuer).origin, now);
  const api: ManagementApi = {
    token,
    resources,
    serviceApp,
    signsWith: () => '',
    async handle(req, res) {
      const url = new URL(req.url ?? '/', issuer);
      if (url.pathname === API_TOKEN_PATH && req.method === 'POST') {
        send(res, ...serviceApp.answer(new URLSearchParams(await readBody(req))));
        return;
      }
      const [scheme, credential = ''] = (req.headers.authorization ?? '').split(' ');
      const scopes = scheme === 'Bearer' ? serviceApp.scopesOf(credential) : undefined;
      if (scopes === undefined && (scheme !== 'SSWS' || credential !== token)) {
        send(res, 401, apiError('E0000011', 'Invalid token provided'));
        return;
      }
      const isSimulation = req.method === 'POST' && url.pathname === '/api/v1/policies/simulate';
      if (req.method !== 'GET' && !isSimulation) {
        send(res, 405, apiError('E0000022', 'The endpoint does not support the provided HTTP method'));
        return;
      }
      const route = routes(resources, settings, () => api.signsWith()).find(
        ([path]) => path === url.pathname,
      );
      if (route === undefined) {
        send(res, 404, apiError('E0000007', 'Not found: Resource not found.'));
        return;
      }
      const [, schema, parameters, answer, needed] = route;
      const missing = scopes === undefined ? [] : needed.filter((scope) => !scopes.includes(scope));
      if (missing.length > 0) {
        res.setHeader('www-authenticate', `Bearer scope="${missing.join(' ')}", error="insufficient_scope"`);
        send(res, 403, apiError('E0000006', 'You do not have permission to perform the requested action'));
        return;
      }
      if (scopes !== undefined && !serviceApp.hasRole) {
        send(res, 403, apiError('E0000006', 'You do not have permission to perform the requested action'));
        return;
      }
      const unknown = [...url.searchParams.keys()].filter((name) => !parameters.includes(name));
      if (unknown.length > 0) {
        send(res, 400, apiError('E0000001', `Api validation failed: ${unknown.join(', ')}`));
        return;
      }
      if (isSimulation) {
        const sent = JSON.parse(await readBody(req)) as unknown;
        const wrong = Array.isArray(sent)
          ? sent.flatMap((one) => problemsOf('SimulatePolicyBody', one))
          : ['no list'];
        if (wrong.length > 0) {
          send(res, 400, apiError('E0000001', `Api validation failed: ${wrong.join(', ')}`));
          return;
        }
      }
      const body = answer(url.searchParams);
      if (body === undefined) {
        send(res, 404, apiError('E0000007', 'Not found: Resource not found.'));
        return;
      }
      const problems = (Array.isArray(body) ? body : [body]).flatMap((one) => problemsOf(schema, one));
      if (problems.length > 0) throw new Error(`This is not as Okta's schema has it: ${problems.join('; ')}`);
      send(res, 200, body);
    },
  };
  return api;
}

type Route = readonly [
  path: string,
  schema: string,
  parameters: readonly string[],
  answer: (query: URLSearchParams) => object | undefined,
  /** The scopes that a service app needs. */
  scopes: readonly string[],
];

function routes(
  resources: ManagedResources,
  { clientId, authorizationServerId }: OktaSettings,
  signsWith: () => string,
): readonly Route[] {
  const server = `/api/v1/authorizationServers/${authorizationServerId}`;
  const page = ['after', 'limit'];
  const listed = (query: URLSearchParams): object => {
    const name = /^name eq "([\w-]+)"$/.exec(query.get('filter') ?? '')?.[1];
    return resources.saml.filter((one) => name === undefined || one['name'] === name);
  };
  const apps = ['okta.apps.read'];
  const servers = ['okta.authorizationServers.read'];
  return [
    ['/api/v1/apps', 'SamlApplication', ['q', 'filter', ...page], listed, apps],
    [`/api/v1/apps/${clientId}`, 'OpenIdConnectApplication', ['expand'], () => resources.oidc, apps],
    ...[clientId, SAML_APPLICATION].flatMap((id): Route[] => [
      [
        `/api/v1/apps/${id}/groups`,
        'ApplicationGroupAssignment',
        ['q', ...page],
        () => resources.groups,
        apps,
      ],
      [
        `/api/v1/apps/${id}/users`,
        'AppUser',
        ['q', ...page],
        (query) => usersOf(resources.users, query),
        apps,
      ],
    ]),
    [
      `/api/v1/apps/${SCIM_APPLICATION}/groups`,
      'ApplicationGroupAssignment',
      ['q', ...page],
      () => resources.scimGroups,
      apps,
    ],
    [
      `/api/v1/apps/${SCIM_APPLICATION}/users`,
      'AppUser',
      ['q', ...page],
      (query) => usersOf(resources.scimUsers, query),
      apps,
    ],
    [
      `/api/v1/apps/${SAML_APPLICATION}`,
      'SamlApplication',
      ['expand'],
      () => resources.saml.find(({ id }) => id === SAML_APPLICATION),
      apps,
    ],
    ...[clientId, SAML_APPLICATION].flatMap((id) =>
      resources.people.map((person): Route => {
        const account = (): object | undefined => resources.users.find((one) => one['id'] === person['id']);
        return [`/api/v1/apps/${id}/users/${String(person['id'])}`, 'AppUser', ['expand'], account, apps];
      }),
    ),
    [
      `/api/v1/apps/${SAML_APPLICATION}/credentials/keys`,
      'JsonWebKey',
      [],
      () => resources.keys.map((key) => ({ x5c: [signsWith()], ...key })),
      apps,
    ],
    ...resources.people.flatMap((person): Route[] => {
      const { login } = person['profile'] as { readonly login: string };
      const users = ['okta.users.read'];
      const id = String(person['id']);
      return [
        [`/api/v1/users/${encodeURIComponent(login)}`, 'User', [], () => person, users],
        [`/api/v1/users/${id}/groups`, 'Group', [], () => resources.directory, users],
      ];
    }),
    [
      '/api/v1/groups',
      'Group',
      ['q', 'filter', 'search', ...page],
      (query) =>
        resources.directory.filter((one) =>
          begins((one['profile'] as { readonly name: string }).name, query),
        ),
      ['okta.groups.read'],
    ],
    [
      `/api/v1/groups/${GROUP}/users`,
      'User',
      page,
      () => resources.people.filter(({ id }) => resources.members.includes(String(id))),
      ['okta.groups.read'],
    ],
    [
      '/api/v1/logs',
      'LogEvent',
      ['since', 'until', 'q', 'filter', 'sortOrder', ...page],
      () => resources.events,
      ['okta.logs.read'],
    ],
    [
      '/api/v1/policies/simulate',
      'SimulatePolicyEvaluations',
      ['expand'],
      () => resources.evaluations,
      ['okta.policies.read'],
    ],
    [
      `/api/v1/policies/${ACCESS_POLICY}/rules/${ACCESS_RULE}`,
      'AccessPolicyRule',
      [],
      () => resources.accessRule,
      ['okta.policies.read'],
    ],
    [
      `/api/v1/apps/${SAML_APPLICATION}/group-push/mappings`,
      'GroupPushMapping',
      ['lastUpdated', 'sourceGroupId', 'status', ...page],
      () => resources.mappings,
      [...apps, 'okta.groups.read'],
    ],
    [server, 'AuthorizationServer', [], () => resources.server, servers],
    [`${server}/scopes`, 'OAuth2Scope', ['q', 'filter', ...page], () => resources.scopes, servers],
    [`${server}/policies`, 'AuthorizationServerPolicy', [], () => resources.policies, servers],
    [
      `${server}/policies/${POLICY}/rules`,
      'AuthorizationServerPolicyRule',
      [],
      () => resources.rules,
      servers,
    ],
  ];
}

/** Items whose name starts with `q`. */
function usersOf(users: readonly Record<string, unknown>[], query: URLSearchParams): object {
  return users.filter(({ credentials }) => {
    const { userName = '' } = (credentials ?? {}) as { readonly userName?: string };
    return begins(userName, query);
  });
}

/** Whether a name matches `q`, ignoring case, as names in Okta do. */
function begins(name: string, query: URLSearchParams): boolean {
  return name.toLowerCase().startsWith((query.get('q') ?? '').toLowerCase());
}

const POLICY = '00p1devsandbox0plcy7';
const GROUP = '00g1devsandbox0devs7';
const ACCESS_POLICY = 'rst1devsandbox0aplc7';
const ACCESS_RULE = 'rul1devsandbox0rule7';
const SIGNING_KEY = 'sandbox-signing-key';

/** The ID of a user of the organization. */
export function oktaIdOf(username: string): string {
  return `00u1devsandbox${username.replaceAll(/\W/g, '')}`.slice(0, 20);
}

/** A correctly configured organization, independent of the servers; setup slips change it in place. */
function resourcesFor(issuer: string, settings: OktaSettings): ManagedResources {
  const { clientId, authorizationServerId, redirectUris, customRedirectUris } = settings;
  return {
    oidc: {
      id: clientId,
      name: 'oidc_client',
      label: 'Kiro-OIDC',
      status: 'ACTIVE',
      signOnMode: 'OPENID_CONNECT',
      features: [],
      credentials: {
        oauthClient: { client_id: clientId, token_endpoint_auth_method: 'none', pkce_required: true },
      },
      settings: {
        oauthClient: {
          application_type: 'native',
          grant_types: ['authorization_code', 'refresh_token'],
          redirect_uris: [...redirectUris, ...customRedirectUris],
          response_types: ['code'],
          consent_method: 'TRUSTED',
          dpop_bound_access_tokens: false,
        },
      },
    },
    saml: [
      {
        id: SAML_APPLICATION,
        name: 'amazon_aws_sso',
        label: 'AWS IAM Identity Center',
        status: 'ACTIVE',
        signOnMode: 'SAML_2_0',
        features: ['GROUP_PUSH', 'PUSH_NEW_USERS', 'PUSH_PROFILE_UPDATES', 'PUSH_USER_DEACTIVATION'],
        credentials: {
          userNameTemplate: { template: '${source.login}', type: 'BUILT_IN' },
          signing: { kid: SIGNING_KEY },
        },
        settings: { app: { acsURL: '', entityID: '' } },
      },
      {
        id: SCIM_APPLICATION,
        name: 'devsandbox_kirosaml_1',
        label: 'Kiro-SAML',
        status: 'ACTIVE',
        signOnMode: 'SAML_2_0',
        features: ['GROUP_PUSH', 'PUSH_NEW_USERS', 'PUSH_PROFILE_UPDATES', 'SCIM_PROVISIONING'],
        credentials: { userNameTemplate: { template: '${source.login}', type: 'BUILT_IN' } },
        settings: {
          signOn: {
            ssoAcsUrl: 'https://okta.com',
            audience: 'kiro',
            allowMultipleAcsEndpoints: false,
            assertionSigned: true,
            honorForceAuthn: true,
            requestCompressed: false,
            responseSigned: true,
          },
        },
      },
    ],
    groups: [{ id: GROUP, priority: 0, lastUpdated: '2026-01-01T00:00:00.000Z' }],
    users: [{ id: '00u1devsandbox0anaa7', scope: 'GROUP', status: 'PROVISIONED', syncState: 'SYNCHRONIZED' }],
    scimGroups: [{ id: GROUP, priority: 0, lastUpdated: '2026-01-01T00:00:00.000Z' }],
    scimUsers: [],
    keys: [{ kid: SIGNING_KEY, kty: 'RSA', use: 'sig', expiresAt: '2036-01-01T00:00:00.000Z' }],
    people: people.map(({ username, name }) => {
      const [firstName = '', lastName = ''] = name.split(' ');
      const profile = {
        login: username,
        email: username,
        firstName,
        ...(lastName === '' ? {} : { lastName }),
      };
      return { id: oktaIdOf(username), status: 'ACTIVE', profile };
    }),
    directory: [{ id: GROUP, type: 'OKTA_GROUP', profile: { name: 'Developers' } }],
    members: [],
    events: [
      {
        eventType: 'application.provision.user.push',
        displayMessage: 'Push new user to external application',
        published: new Date(Date.now() - 60_000).toISOString(),
        outcome: { result: 'SUCCESS' },
        target: [
          { type: 'AppUser', id: '0ua1devsandbox0anaa7', alternateId: 'ana@example.com' },
          { type: 'AppInstance', id: SAML_APPLICATION, displayName: 'AWS IAM Identity Center' },
        ],
      },
    ],
    evaluations: [
      {
        policyType: ['ACCESS_POLICY'],
        status: 'MATCH',
        result: {
          policies: [
            {
              id: ACCESS_POLICY,
              name: 'Any two factors',
              status: 'MATCH',
              rules: [{ id: ACCESS_RULE, name: 'Catch-all rule', status: 'MATCH' }],
            },
          ],
        },
      },
    ],
    accessRule: {
      id: ACCESS_RULE,
      name: 'Catch-all rule',
      status: 'ACTIVE',
      actions: { appSignOn: { access: 'ALLOW' } },
    },
    mappings: [{ id: 'gPm1devsandbox0push7', sourceGroupId: GROUP, status: 'ACTIVE' }],
    server: {
      id: authorizationServerId,
      name: 'Kiro',
      description: 'For Kiro',
      audiences: ['api://codewhisperer'],
      issuer,
      issuerMode: 'DYNAMIC',
      status: 'ACTIVE',
    },
    scopes: [...GUIDE_SCOPES, 'openid'].map((name) => ({
      id: `scp${name.replaceAll(/\W/g, '')}`,
      name,
      consent: 'IMPLICIT',
      system: !name.includes(':'),
    })),
    policies: [
      {
        id: POLICY,
        type: 'OAUTH_AUTHORIZATION_POLICY',
        name: 'Kiro',
        description: 'For Kiro',
        status: 'ACTIVE',
        conditions: { clients: { include: [clientId] } },
      },
    ],
    rules: [
      {
        id: '0pr1devsandbox0rule7',
        type: 'RESOURCE_ACCESS',
        name: 'Kiro',
        status: 'ACTIVE',
        conditions: {
          grantTypes: { include: ['authorization_code'] },
          people: { groups: { include: ['EVERYONE'] } },
          scopes: { include: [...GUIDE_SCOPES] },
        },
        actions: {
          token: {
            accessTokenLifetimeMinutes: 60,
            refreshTokenLifetimeMinutes: 0,
            refreshTokenWindowMinutes: 10_080,
          },
        },
      },
    ],
  };
}

function send(res: ServerResponse, status: number, body: object): void {
  res.writeHead(status, { 'content-type': 'application/json' });
  res.end(JSON.stringify(body));
}
