import type { OktaConnection } from '../../../src/core/connection/connection.ts';
import type { HttpFetch } from '../../../src/core/ports.ts';
import { GUIDE_SCOPES, RESERVED_SCOPES } from '../../sandbox/okta/settings.ts';
import { cho, signingInAtOkta } from '../people.ts';
import { holdPort } from '../ports.ts';
import { claiming } from './claiming.ts';
import { domain, verificationToken } from './setupWorld.ts';
import type { RunChanges } from './setupWorld.ts';
import { oktaApiSlips } from './oktaApi.rows.ts';
import { fault, inKiro, inMetadata, inOkta, typed } from './slip.ts';
import type { Slip, SlippedWorld } from './slip.ts';

const okta = (change: Partial<OktaConnection>): RunChanges => ({
  inputs: (inputs) => ({
    ...inputs,
    ...(inputs.oktaClient === undefined ? {} : { oktaClient: { ...inputs.oktaClient, ...change } }),
  }),
});

/** The organization's own server has its metadata at the root, which the sandbox does not support. */
const orgServer =
  (http: HttpFetch): HttpFetch =>
  async (url, request) => {
    const { origin, pathname } = new URL(url);
    if (!pathname.startsWith('/.well-known/')) return http(url, request);
    const [authorization_endpoint, token_endpoint] = [
      `${origin}/oauth2/v1/authorize`,
      `${origin}/oauth2/v1/token`,
    ];
    return Response.json({ issuer: origin, authorization_endpoint, token_endpoint });
  };

const metadata = inMetadata(({ chain }) => chain.okta);

export const kiroSlips: readonly Slip[] = [
  {
    slip: 'The organization doesn’t have API Access Management, according to Okta’s API',
    check: 'oktaApi.server',
    reason: 'featureMissing',
    state: 'inconclusive',
    changes: {
      http: (http) => async (url, request) =>
        url.includes('/api/v1/authorizationServers/')
          ? Response.json(
              {
                errorCode: 'E0000015',
                errorSummary: 'You do not have permission to access the feature you are requesting',
              },
              { status: 401 },
            )
          : http(url, request),
    },
    hides: ['oktaApi.scopes', 'oktaApi.policy', 'oktaApi.personPolicy'],
  },
  {
    slip: 'Device Authorization isn’t selected, and sign-ins here begin with a device code',
    check: 'okta.clientId',
    reason: 'deviceGrantMissing',
    state: 'warning',
    make: fault({
      at: 'okta.deviceAuthorize',
      status: 400,
      body: '{"error":"unauthorized_client","error_description":"The client is not authorized to use the provided grant type."}',
    }),
    changes: { ports: (ports) => ({ ...ports, beginsWithDeviceCode: true }) },
  },
  {
    slip: 'The issuer belongs to another authorization server',
    check: 'okta.metadata',
    reason: 'noMetadata',
    changes: typed(({ oktaClient: connection }) => ({
      ...(connection === undefined
        ? {}
        : { oktaClient: { ...connection, issuer: connection.issuer.replace(/aus\w+$/, 'default') } }),
    })),
  },
  {
    slip: 'The metadata names another issuer',
    check: 'okta.metadata',
    reason: 'issuerDiffers',
    make: metadata((document) => ({ ...document, issuer: 'https://example.okta.com/oauth2/aus1a2b3c4d5' })),
  },
  {
    slip: 'Both metadata addresses are missing',
    check: 'okta.metadata',
    reason: 'noMetadata',
    make: fault({ at: 'okta.metadata', status: 404, body: '{}', times: 2 }),
  },
  {
    slip: 'The issuer is the org authorization server’s',
    check: 'okta.metadata',
    reason: 'orgServer',
    changes: {
      inputs: (inputs) => ({
        ...inputs,
        ...(inputs.oktaClient === undefined
          ? {}
          : { oktaClient: { ...inputs.oktaClient, issuer: new URL(inputs.oktaClient.issuer).origin } }),
      }),
      http: orgServer,
    },
  },
  {
    slip: 'The metadata doesn’t list PKCE with S256',
    check: 'okta.announced',
    reason: 'noS256',
    make: metadata((document) => ({ ...document, code_challenge_methods_supported: ['plain'] })),
  },
  {
    slip: 'The metadata doesn’t list the refresh token grant',
    check: 'okta.announced',
    reason: 'grantsNotAnnounced',
    state: 'warning',
    make: metadata((document) => ({ ...document, grant_types_supported: ['authorization_code'] })),
  },
  {
    slip: 'The token endpoint is on another host',
    check: 'okta.announced',
    reason: 'foreignEndpoint',
    make: metadata((document) => ({ ...document, token_endpoint: 'https://login.example.net/token' })),
  },
  {
    slip: 'The client ID belongs to another application',
    check: 'okta.clientId',
    reason: 'clientUnknown',
    changes: okta({ clientId: '0oa1b2c3d4E5f6G7h8i9' }),
  },
  {
    slip: 'One port isn’t registered',
    check: 'okta.redirectUris',
    reason: 'redirectUrisMissing',
    registered: (uris) => uris.slice(0, -1),
  },
  {
    slip: 'One redirect URI has 127.0.0.1 instead of localhost',
    check: 'okta.redirectUris',
    reason: 'redirectUrisMissing',
    registered: (uris) => uris.with(-1, uris.at(-1)?.replace('localhost', '127.0.0.1') ?? ''),
  },
  {
    slip: 'The Kiro IDE’s redirect URI isn’t registered',
    check: 'okta.kiroRedirectUri',
    reason: 'kiroRedirectUriMissing',
    state: 'warning',
    options: { okta: { customRedirectUris: [] } },
  },
  {
    slip: 'Other programs use every callback port on this computer',
    check: 'okta.loopbackPorts',
    reason: 'portsTaken',
    make: async ({ ports }) => {
      const tried = await Promise.allSettled(ports.map((port) => holdPort('::1', port)));
      const held = tried.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      const release = () => Promise.all(held.map((one) => one[Symbol.asyncDispose]()));
      const failed = tried.find((one) => one.status === 'rejected');
      if (failed === undefined) return release;
      await release();
      throw failed.reason;
    },
  },
  {
    slip: 'Another program uses one callback port',
    check: 'okta.loopbackPorts',
    reason: 'somePortsTaken',
    state: 'warning',
    make: async ({ ports }) => {
      const held = await holdPort('::1', ports[3]);
      return () => held[Symbol.asyncDispose]();
    },
  },
  {
    slip: 'The connection requests a scope that the server doesn’t have',
    check: 'okta.scopes',
    reason: 'scopesNotConfigured',
    // Okta's own response would repeat it.
    changes: typed(({ oktaClient: connection }) => ({
      oktaApiToken: '',
      ...(connection === undefined
        ? {}
        : { oktaClient: { ...connection, scopes: [...GUIDE_SCOPES, 'codewhisperer:completion'] } }),
    })),
  },
  {
    slip: 'The rule is missing a scope',
    check: 'okta.scopes',
    reason: 'scopesRefused',
    options: { okta: { allowedScopes: ['codewhisperer:completions', 'offline_access'] } },
  },
  {
    slip: 'The rule also lists openid',
    check: 'okta.rule',
    reason: 'ruleTooWide',
    state: 'warning',
    options: { okta: { allowedScopes: [...GUIDE_SCOPES, 'openid'] } },
  },
  {
    slip: 'The rule also lists address',
    check: 'okta.rule',
    reason: 'ruleTooWide',
    state: 'warning',
    options: { okta: { allowedScopes: [...GUIDE_SCOPES, 'address'] } },
  },
  {
    slip: 'The rule is still set to Any scopes',
    check: 'okta.rule',
    reason: 'anyScopes',
    state: 'inconclusive',
    options: { okta: { allowedScopes: [...GUIDE_SCOPES, ...RESERVED_SCOPES] } },
  },
  {
    slip: 'The person isn’t assigned to the OIDC application',
    check: 'okta.assignments',
    reason: 'notAssigned',
    changes: { person: (chain) => signingInAtOkta(chain, cho) },
  },
  {
    slip: 'Okta doesn’t exchange the code for tokens',
    check: 'okta.signIn',
    hides: ['okta.clientId'],
    reason: 'signInFailed',
    make: fault({
      at: 'okta.token:authorization_code',
      status: 400,
      body: '{"error":"invalid_grant"}',
      times: 2,
    }),
  },
  {
    slip: 'The token is from another issuer',
    check: 'okta.token',
    reason: 'issuerClaimDiffers',
    changes: { http: claiming({ iss: 'https://example.okta.com/oauth2/aus1a2b3c4d5' }) },
  },
  {
    slip: 'The token is missing a scope',
    check: 'okta.token',
    reason: 'scopesDiffer',
    changes: { http: claiming({ scp: ['codewhisperer:completions', 'offline_access'] }) },
  },
  {
    slip: 'The token was issued to another client',
    check: 'okta.token',
    reason: 'clientClaimDiffers',
    changes: { http: claiming({ cid: '0oa1b2c3d4E5f6G7h8i9' }) },
  },
  {
    slip: 'Refresh Token isn’t selected under Grant type',
    check: 'okta.refreshToken',
    reason: 'noRefreshToken',
    options: { okta: { refreshTokens: false } },
  },
  {
    slip: 'The refresh token doesn’t work',
    check: 'okta.lifetimes',
    reason: 'refreshFailed',
    make: fault({ at: 'okta.token:refresh_token', status: 400, body: '{"error":"invalid_grant"}', times: 2 }),
  },
  {
    slip: 'The TXT record is missing',
    check: 'domain.txt',
    reason: 'txtMissing',
    make: txt(domain, ['v=spf1 -all']),
  },
  {
    slip: 'This network’s DNS has no record, and the domain’s name servers can’t be reached',
    check: 'domain.txt',
    reason: 'txtNotSeen',
    state: 'inconclusive',
    make: (world) => {
      const back = txt(domain, undefined)(world);
      world.names.zones.delete(domain);
      return () => {
        back();
        world.names.zones.add(domain);
      };
    },
  },
  {
    slip: 'The TXT record has quotation marks around it',
    check: 'domain.txt',
    reason: 'txtDiffers',
    make: txt(domain, [`"${verificationToken}"`]),
  },
  {
    slip: 'The DNS console appended the domain a second time',
    check: 'domain.txt',
    reason: 'txtElsewhere',
    make: (world) => {
      const back = [txt(domain, undefined)(world), txt(`${domain}.${domain}`, [verificationToken])(world)];
      return () => back.forEach((one) => one());
    },
  },
  {
    slip: 'The TXT record has the token as its name',
    check: 'domain.txt',
    reason: 'txtElsewhere',
    make: (world) => {
      const name = `${verificationToken}.${domain}`;
      const back = [txt(domain, undefined)(world), txt(name, [domain])(world)];
      return () => back.forEach((one) => one());
    },
  },
  {
    slip: 'The domain is mistyped',
    check: 'domain.txt',
    reason: 'notDomain',
    changes: typed(() => ({ domain: 'example' })),
  },
  {
    slip: 'The group doesn’t have the service',
    check: 'service.answer',
    reason: 'serviceForbids',
    make: ({ chain }) => {
      const all = [...chain.federated.entitledGroups];
      chain.federated.entitledGroups.clear();
      return () => all.forEach((name) => chain.federated.entitledGroups.add(name));
    },
  },
  {
    slip: 'The URL belongs to another service',
    check: 'service.answer',
    reason: 'serviceRefusedToken',
    make: fault({ at: 'okta.completions', status: 401, body: '{"error":"invalid_token"}', times: 2 }),
  },
  {
    slip: 'The service URL is a web page',
    check: 'service.answer',
    reason: 'answersAnyone',
    state: 'inconclusive',
    make: fault({ at: 'okta.completions', status: 200, body: '<html></html>', times: 2 }),
  },
  {
    slip: 'The application was created as a web application',
    check: 'oktaApi.application',
    reason: 'notNative',
    make: inOkta(({ oidc }) => oauthClientOf(oidc, { application_type: 'web' })),
  },
  {
    slip: 'The application requires DPoP',
    check: 'oktaApi.application',
    reason: 'dpopOn',
    make: inOkta(({ oidc }) => oauthClientOf(oidc, { dpop_bound_access_tokens: true })),
  },
  {
    slip: 'Refresh Token isn’t selected in Okta',
    check: 'oktaApi.application',
    reason: 'grantsMissing',
    make: inOkta(({ oidc }) => oauthClientOf(oidc, { grant_types: ['authorization_code'] })),
  },
  {
    slip: 'The application also has the implicit grant',
    check: 'oktaApi.application',
    reason: 'grantsTooMany',
    state: 'warning',
    make: inOkta(({ oidc }) =>
      oauthClientOf(oidc, { grant_types: ['authorization_code', 'refresh_token', 'implicit'] }),
    ),
  },
  {
    slip: 'No one is assigned in Okta',
    check: 'oktaApi.assignments',
    reason: 'noOneAssigned',
    make: inOkta((resources) => {
      resources.groups = [];
      resources.users = [];
    }),
  },
  {
    slip: 'The SAML application was deactivated',
    check: 'oktaApi.scimApplication',
    reason: 'applicationInactive',
    make: inOkta(({ saml }) => {
      for (const one of saml) one['status'] = 'INACTIVE';
    }),
  },
  {
    slip: 'No application is set to provision through SCIM',
    check: 'oktaApi.scimApplication',
    reason: 'noScimApplication',
    make: inOkta(({ saml }) => {
      for (const one of saml) Object.assign(one, { name: 'other_1', features: [] });
    }),
  },
  {
    slip: 'Push Groups isn’t selected',
    check: 'oktaApi.scimFeatures',
    reason: 'featuresMissing',
    make: inOkta(({ saml }) => {
      for (const one of saml)
        one['features'] = ['PUSH_NEW_USERS', 'PUSH_PROFILE_UPDATES', 'SCIM_PROVISIONING'];
    }),
  },
  {
    slip: 'Okta has the base URL of another SCIM endpoint',
    check: 'oktaApi.scimEffect',
    reason: 'otherScimEndpoint',
    make: inOkta(({ scimUsers, users }) => {
      for (const one of [...scimUsers, ...users]) one['externalId'] = 'of-another-endpoint';
    }),
  },
  {
    slip: 'The unique identifier is the email address, but the username differs from it',
    check: 'oktaApi.scimEffect',
    reason: 'userNameDiffers',
    make: inOkta(({ scimUsers, users }) => {
      for (const one of [...scimUsers, ...users]) one['credentials'] = { userName: `x-${String(one['id'])}` };
    }),
  },
  {
    slip: 'A provisioning task failed in Okta',
    check: 'oktaApi.scimEffect',
    reason: 'syncFailed',
    make: inOkta(({ scimUsers, users }) => {
      for (const one of [...scimUsers, ...users]) one['syncState'] = 'ERROR';
    }),
  },
  {
    slip: 'Someone is assigned only to the OIDC application',
    check: 'oktaApi.sameAssignments',
    reason: 'peopleDiffer',
    make: inOkta(({ scimUsers }) => {
      scimUsers.pop();
    }),
  },
  {
    slip: 'Both applications have the same people, but different groups',
    check: 'oktaApi.sameAssignments',
    reason: 'groupsDiffer',
    state: 'warning',
    make: inOkta(({ scimGroups }) => {
      for (const one of scimGroups) one['id'] = '00g1devsandbox0othr7';
    }),
  },
  {
    slip: 'The Kiro profile has the issuer of another authorization server',
    check: 'kiro.profile',
    reason: 'issuerDiffers',
    make: inKiro(({ domains }) => {
      for (const one of Object.values(domains)) one.issuerUrl = 'https://example.okta.com/oauth2/aus0';
    }),
  },
  {
    slip: 'The Kiro profile has the client ID of another application',
    check: 'kiro.profile',
    reason: 'clientIdDiffers',
    make: inKiro(({ domains }) => {
      for (const one of Object.values(domains)) one.clientId = '0oa1another';
    }),
  },
  {
    slip: 'The domain isn’t verified in Kiro',
    check: 'kiro.profile',
    reason: 'domainNotFound',
    state: 'inconclusive',
    make: inKiro((resources) => {
      resources.domains = {};
    }),
  },
  {
    slip: 'Kiro’s response to the domain has a new format',
    check: 'kiro.profile',
    reason: 'kiroChanged',
    state: 'inconclusive',
    make: inKiro((resources) => {
      resources.hasChanged = true;
    }),
  },
  {
    slip: 'Kiro has no profile for the person',
    check: 'kiro.access',
    reason: 'noKiroProfile',
    state: 'inconclusive',
    make: inKiro((resources) => {
      resources.profiles = [];
    }),
  },
  {
    slip: 'Kiro refuses the token',
    check: 'kiro.access',
    reason: 'kiroRefused',
    state: 'inconclusive',
    make: inKiro((resources) => {
      resources.refusesToken = true;
    }),
  },
  {
    slip: 'Kiro’s response to the token has a new format',
    check: 'kiro.access',
    reason: 'kiroChanged',
    state: 'inconclusive',
    make: inKiro((resources) => {
      resources.hasChanged = true;
    }),
  },
  {
    slip: 'The authorization server was deactivated',
    check: 'oktaApi.server',
    reason: 'serverInactive',
    make: inOkta(({ server }) => {
      server['status'] = 'INACTIVE';
    }),
  },
  {
    slip: 'A scope requires consent',
    check: 'oktaApi.scopes',
    reason: 'consentAsked',
    make: inOkta(({ scopes }) => {
      for (const scope of scopes) scope['consent'] = 'REQUIRED';
    }),
  },
  {
    slip: 'A scope is misspelled',
    check: 'oktaApi.scopes',
    reason: 'scopeMissing',
    make: inOkta((resources) => {
      resources.scopes = resources.scopes.filter(({ name }) => name !== 'codewhisperer:completions');
    }),
  },
  {
    slip: 'The policy is assigned to another application',
    check: 'oktaApi.policy',
    reason: 'noPolicy',
    make: inOkta(({ policies }) => {
      for (const policy of policies)
        policy['conditions'] = { clients: { include: ['0oa1b2c3d4E5f6G7h8i9'] } };
    }),
  },
  {
    slip: 'The rule is inactive',
    check: 'oktaApi.policy',
    reason: 'noRule',
    make: inOkta(({ rules }) => {
      for (const rule of rules) rule['status'] = 'INACTIVE';
    }),
  },
  {
    slip: 'The rule is set to Any scopes, according to Okta’s API',
    check: 'oktaApi.policy',
    reason: 'ruleListsMore',
    state: 'warning',
    make: inOkta(({ rules }) => {
      for (const rule of rules) rule['conditions'] = { scopes: { include: ['*'] } };
    }),
  },
  {
    slip: 'The rule’s refresh tokens expire after ten minutes without use',
    check: 'oktaApi.policy',
    reason: 'ruleNotDefault',
    state: 'warning',
    make: inOkta(({ rules }) => {
      for (const rule of rules) rule['actions'] = { token: { refreshTokenWindowMinutes: 10 } };
    }),
  },
  {
    slip: 'The rule lists only one scope',
    check: 'oktaApi.policy',
    reason: 'ruleLacksScopes',
    make: inOkta(({ rules }) => {
      for (const rule of rules) rule['conditions'] = { scopes: { include: ['offline_access'] } };
    }),
  },
  {
    slip: 'Someone in the group couldn’t be provisioned to Kiro',
    check: 'oktaApi.group',
    reason: 'membersNotProvisioned',
    make: inOkta(({ scimUsers }) => {
      Object.assign(scimUsers[1] ?? {}, { syncState: 'ERROR' });
    }),
  },
  {
    slip: 'The person isn’t assigned to either application',
    check: 'oktaApi.person',
    reason: 'personNotAssigned',
    make: inOkta((resources) => {
      resources.users = resources.users.slice(1);
      resources.scimUsers = resources.scimUsers.slice(1);
      resources.members = resources.members.slice(1);
    }),
  },
  {
    slip: 'The rule is for other people',
    check: 'oktaApi.personPolicy',
    reason: 'rulesExclude',
    make: inOkta(({ rules }) => {
      for (const rule of rules)
        rule['conditions'] = {
          ...(rule['conditions'] as object),
          people: { groups: { include: ['00g1devsandbox0dsgn7'] } },
        };
    }),
  },
  ...oktaApiSlips,
];

function oauthClientOf(application: Record<string, unknown>, change: object): void {
  const { oauthClient, ...others } = application['settings'] as { readonly oauthClient: object };
  application['settings'] = { ...others, oauthClient: { ...oauthClient, ...change } };
}

function txt(name: string, records: readonly string[] | undefined) {
  return ({ names }: SlippedWorld) => {
    const before = names.records.get(name);
    const put = (value: readonly string[] | undefined): void => {
      if (value === undefined) names.records.delete(name);
      else names.records.set(name, value);
    };
    put(records);
    return () => {
      put(before);
    };
  };
}
