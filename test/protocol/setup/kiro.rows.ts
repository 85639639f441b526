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
    slip: 'the application lacks the device grant that sign-ins from here begin with',
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
    slip: 'the issuer of another authorization server',
    check: 'okta.metadata',
    reason: 'noMetadata',
    changes: typed(({ oktaClient: connection }) => ({
      ...(connection === undefined
        ? {}
        : { oktaClient: { ...connection, issuer: connection.issuer.replace(/aus\w+$/, 'default') } }),
    })),
  },
  {
    slip: 'the metadata is of another issuer',
    check: 'okta.metadata',
    reason: 'issuerDiffers',
    make: metadata((document) => ({ ...document, issuer: 'https://example.okta.com/oauth2/aus1a2b3c4d5' })),
  },
  {
    slip: 'B8: both metadata addresses are missing',
    check: 'okta.metadata',
    reason: 'noMetadata',
    make: fault({ at: 'okta.metadata', status: 404, body: '{}', times: 2 }),
  },
  {
    slip: 'B5: the issuer of the organization’s own authorization server',
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
    slip: 'no PKCE',
    check: 'okta.announced',
    reason: 'noS256',
    make: metadata((document) => ({ ...document, code_challenge_methods_supported: ['plain'] })),
  },
  {
    slip: 'no refresh grant at the server',
    check: 'okta.announced',
    reason: 'grantsNotAnnounced',
    state: 'warning',
    make: metadata((document) => ({ ...document, grant_types_supported: ['authorization_code'] })),
  },
  {
    slip: 'a token endpoint elsewhere',
    check: 'okta.announced',
    reason: 'foreignEndpoint',
    make: metadata((document) => ({ ...document, token_endpoint: 'https://login.example.net/token' })),
  },
  {
    slip: 'the client id of another application',
    check: 'okta.clientId',
    reason: 'clientUnknown',
    changes: okta({ clientId: '0oa1b2c3d4E5f6G7h8i9' }),
  },
  {
    slip: 'a port that is not registered',
    check: 'okta.redirectUris',
    reason: 'redirectUrisMissing',
    registered: (uris) => uris.slice(0, -1),
  },
  {
    slip: 'a redirect URI with 127.0.0.1 in place of localhost',
    check: 'okta.redirectUris',
    reason: 'redirectUrisMissing',
    registered: (uris) => uris.with(-1, uris.at(-1)?.replace('localhost', '127.0.0.1') ?? ''),
  },
  {
    slip: 'B1: the Kiro IDE’s own redirect URI is not registered',
    check: 'okta.kiroRedirectUri',
    reason: 'kiroRedirectUriMissing',
    state: 'warning',
    options: { okta: { customRedirectUris: [] } },
  },
  {
    slip: 'every callback port is taken on this machine',
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
    slip: 'a callback port is taken on one address',
    check: 'okta.loopbackPorts',
    reason: 'somePortsTaken',
    state: 'warning',
    make: async ({ ports }) => {
      const held = await holdPort('::1', ports[3]);
      return () => held[Symbol.asyncDispose]();
    },
  },
  {
    slip: 'a scope that the server does not have',
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
    slip: 'a scope missing in the rule',
    check: 'okta.scopes',
    reason: 'scopesRefused',
    options: { okta: { allowedScopes: ['codewhisperer:completions', 'offline_access'] } },
  },
  {
    slip: 'A4: openid in the rule',
    check: 'okta.rule',
    reason: 'ruleTooWide',
    state: 'warning',
    options: { okta: { allowedScopes: [...GUIDE_SCOPES, 'openid'] } },
  },
  {
    slip: 'A4: address in the rule',
    check: 'okta.rule',
    reason: 'ruleTooWide',
    state: 'warning',
    options: { okta: { allowedScopes: [...GUIDE_SCOPES, 'address'] } },
  },
  {
    slip: 'A4: the rule has Any scopes, as it comes',
    check: 'okta.rule',
    reason: 'anyScopes',
    state: 'inconclusive',
    options: { okta: { allowedScopes: [...GUIDE_SCOPES, ...RESERVED_SCOPES] } },
  },
  {
    slip: 'a person who is not assigned to the OIDC application',
    check: 'okta.assignments',
    reason: 'notAssigned',
    changes: { person: (chain) => signingInAtOkta(chain, cho) },
  },
  {
    slip: 'the code is not exchanged',
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
    slip: 'the token is of another issuer',
    check: 'okta.token',
    reason: 'issuerClaimDiffers',
    changes: { http: claiming({ iss: 'https://example.okta.com/oauth2/aus1a2b3c4d5' }) },
  },
  {
    slip: 'the token lacks a scope',
    check: 'okta.token',
    reason: 'scopesDiffer',
    changes: { http: claiming({ scp: ['codewhisperer:completions', 'offline_access'] }) },
  },
  {
    slip: 'the token is for another client',
    check: 'okta.token',
    reason: 'clientClaimDiffers',
    changes: { http: claiming({ cid: '0oa1b2c3d4E5f6G7h8i9' }) },
  },
  {
    slip: 'the Refresh Token grant is not ticked',
    check: 'okta.refreshToken',
    reason: 'noRefreshToken',
    options: { okta: { refreshTokens: false } },
  },
  {
    slip: 'the refresh token does not work',
    check: 'okta.lifetimes',
    reason: 'refreshFailed',
    make: fault({ at: 'okta.token:refresh_token', status: 400, body: '{"error":"invalid_grant"}', times: 2 }),
  },
  {
    slip: 'no TXT record',
    check: 'domain.txt',
    reason: 'txtMissing',
    make: txt(domain, ['v=spf1 -all']),
  },
  {
    slip: 'B7: this network’s DNS has no record, and the zone’s servers cannot be asked',
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
    slip: 'the TXT record has quotes around it',
    check: 'domain.txt',
    reason: 'txtDiffers',
    make: txt(domain, [`"${verificationToken}"`]),
  },
  {
    slip: 'the DNS console added the domain once more',
    check: 'domain.txt',
    reason: 'txtElsewhere',
    make: (world) => {
      const back = [txt(domain, undefined)(world), txt(`${domain}.${domain}`, [verificationToken])(world)];
      return () => back.forEach((one) => one());
    },
  },
  {
    slip: 'a domain with a slip of the pen',
    check: 'domain.txt',
    reason: 'notDomain',
    changes: typed(() => ({ domain: 'example' })),
  },
  {
    slip: 'the service was not given to the group',
    check: 'service.answer',
    reason: 'serviceForbids',
    make: ({ chain }) => {
      const all = [...chain.federated.entitledGroups];
      chain.federated.entitledGroups.clear();
      return () => all.forEach((name) => chain.federated.entitledGroups.add(name));
    },
  },
  {
    slip: 'the service is another one',
    check: 'service.answer',
    reason: 'serviceRefusedToken',
    make: fault({ at: 'okta.completions', status: 401, body: '{"error":"invalid_token"}', times: 2 }),
  },
  {
    slip: 'A1: the service’s address is a web page',
    check: 'service.answer',
    reason: 'answersAnyone',
    state: 'inconclusive',
    make: fault({ at: 'okta.completions', status: 200, body: '<html></html>', times: 2 }),
  },
  {
    slip: 'the application was made as a web application',
    check: 'oktaApi.application',
    reason: 'notNative',
    make: inOkta(({ oidc }) => oauthClientOf(oidc, { application_type: 'web' })),
  },
  {
    slip: 'the application requires DPoP',
    check: 'oktaApi.application',
    reason: 'dpopOn',
    make: inOkta(({ oidc }) => oauthClientOf(oidc, { dpop_bound_access_tokens: true })),
  },
  {
    slip: 'the Refresh Token box is not ticked in Okta',
    check: 'oktaApi.application',
    reason: 'grantsMissing',
    make: inOkta(({ oidc }) => oauthClientOf(oidc, { grant_types: ['authorization_code'] })),
  },
  {
    slip: 'the application has the implicit grant too',
    check: 'oktaApi.application',
    reason: 'grantsTooMany',
    state: 'warning',
    make: inOkta(({ oidc }) =>
      oauthClientOf(oidc, { grant_types: ['authorization_code', 'refresh_token', 'implicit'] }),
    ),
  },
  {
    slip: 'no group and no person is assigned in Okta',
    check: 'oktaApi.assignments',
    reason: 'noOneAssigned',
    make: inOkta((resources) => {
      resources.groups = [];
      resources.users = [];
    }),
  },
  {
    slip: 'the SAML application was deactivated',
    check: 'oktaApi.scimApplication',
    reason: 'applicationInactive',
    make: inOkta(({ saml }) => {
      for (const one of saml) one['status'] = 'INACTIVE';
    }),
  },
  {
    slip: 'no application has the provisioning type SCIM',
    check: 'oktaApi.scimApplication',
    reason: 'noScimApplication',
    make: inOkta(({ saml }) => {
      for (const one of saml) Object.assign(one, { name: 'other_1', features: [] });
    }),
  },
  {
    slip: 'Push Groups is not selected',
    check: 'oktaApi.scimFeatures',
    reason: 'featuresMissing',
    make: inOkta(({ saml }) => {
      for (const one of saml)
        one['features'] = ['PUSH_NEW_USERS', 'PUSH_PROFILE_UPDATES', 'SCIM_PROVISIONING'];
    }),
  },
  {
    slip: 'the base URL in Okta is of another SCIM endpoint',
    check: 'oktaApi.scimEffect',
    reason: 'otherScimEndpoint',
    make: inOkta(({ scimUsers, users }) => {
      for (const one of [...scimUsers, ...users]) one['externalId'] = 'of-another-endpoint';
    }),
  },
  {
    slip: 'the unique identifier is the email address, which is another than the user name',
    check: 'oktaApi.scimEffect',
    reason: 'userNameDiffers',
    make: inOkta(({ scimUsers, users }) => {
      for (const one of [...scimUsers, ...users]) one['credentials'] = { userName: `x-${String(one['id'])}` };
    }),
  },
  {
    slip: 'a provisioning task of Okta failed',
    check: 'oktaApi.scimEffect',
    reason: 'syncFailed',
    make: inOkta(({ scimUsers, users }) => {
      for (const one of [...scimUsers, ...users]) one['syncState'] = 'ERROR';
    }),
  },
  {
    slip: 'a person is assigned to the OIDC application alone',
    check: 'oktaApi.sameAssignments',
    reason: 'peopleDiffer',
    make: inOkta(({ scimUsers }) => {
      scimUsers.pop();
    }),
  },
  {
    slip: 'the same people are in both applications by different groups',
    check: 'oktaApi.sameAssignments',
    reason: 'groupsDiffer',
    state: 'warning',
    make: inOkta(({ scimGroups }) => {
      for (const one of scimGroups) one['id'] = '00g1devsandbox0othr7';
    }),
  },
  {
    slip: 'the Kiro profile has the issuer of another authorization server',
    check: 'kiro.profile',
    reason: 'issuerDiffers',
    make: inKiro(({ domains }) => {
      for (const one of Object.values(domains)) one.issuerUrl = 'https://example.okta.com/oauth2/aus0';
    }),
  },
  {
    slip: 'the Kiro profile has the application ID of another application',
    check: 'kiro.profile',
    reason: 'clientIdDiffers',
    make: inKiro(({ domains }) => {
      for (const one of Object.values(domains)) one.clientId = '0oa1another';
    }),
  },
  {
    slip: 'the domain is not verified in Kiro',
    check: 'kiro.profile',
    reason: 'domainNotFound',
    state: 'inconclusive',
    make: inKiro((resources) => {
      resources.domains = {};
    }),
  },
  {
    slip: 'Kiro answers otherwise than its clients expect, to the domain',
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
    slip: 'Kiro answers otherwise than its clients expect, to the token',
    check: 'kiro.access',
    reason: 'kiroChanged',
    state: 'inconclusive',
    make: inKiro((resources) => {
      resources.hasChanged = true;
    }),
  },
  {
    slip: 'the authorization server was deactivated',
    check: 'oktaApi.server',
    reason: 'serverInactive',
    make: inOkta(({ server }) => {
      server['status'] = 'INACTIVE';
    }),
  },
  {
    slip: 'a scope asks for consent',
    check: 'oktaApi.scopes',
    reason: 'consentAsked',
    make: inOkta(({ scopes }) => {
      for (const scope of scopes) scope['consent'] = 'REQUIRED';
    }),
  },
  {
    slip: 'a scope has another name',
    check: 'oktaApi.scopes',
    reason: 'scopeMissing',
    make: inOkta((resources) => {
      resources.scopes = resources.scopes.filter(({ name }) => name !== 'codewhisperer:completions');
    }),
  },
  {
    slip: 'the policy is for another application',
    check: 'oktaApi.policy',
    reason: 'noPolicy',
    make: inOkta(({ policies }) => {
      for (const policy of policies)
        policy['conditions'] = { clients: { include: ['0oa1b2c3d4E5f6G7h8i9'] } };
    }),
  },
  {
    slip: 'the rule is inactive',
    check: 'oktaApi.policy',
    reason: 'noRule',
    make: inOkta(({ rules }) => {
      for (const rule of rules) rule['status'] = 'INACTIVE';
    }),
  },
  {
    slip: 'A4: the rule has Any scopes, as Okta tells it',
    check: 'oktaApi.policy',
    reason: 'ruleListsMore',
    state: 'warning',
    make: inOkta(({ rules }) => {
      for (const rule of rules) rule['conditions'] = { scopes: { include: ['*'] } };
    }),
  },
  {
    slip: 'the rule lists one scope only',
    check: 'oktaApi.policy',
    reason: 'ruleLacksScopes',
    make: inOkta(({ rules }) => {
      for (const rule of rules) rule['conditions'] = { scopes: { include: ['offline_access'] } };
    }),
  },
  {
    slip: 'someone in the group could not be provisioned to Kiro',
    check: 'oktaApi.group',
    reason: 'membersNotProvisioned',
    make: inOkta(({ scimUsers }) => {
      Object.assign(scimUsers[1] ?? {}, { syncState: 'ERROR' });
    }),
  },
  {
    slip: 'the person who is looked up is not assigned to the two applications',
    check: 'oktaApi.person',
    reason: 'personNotAssigned',
    make: inOkta((resources) => {
      resources.users = resources.users.slice(1);
      resources.scimUsers = resources.scimUsers.slice(1);
      resources.members = resources.members.slice(1);
    }),
  },
  {
    slip: 'the rule of the authorization server is for other people',
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
