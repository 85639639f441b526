import * as v from 'valibot';
import { scopesOf } from '../../core/connection/connection.ts';
import { parseClientId, parseIssuer } from '../../core/oidc/issuer.ts';
import { defineCheck } from '../check.ts';
import type { CheckContext } from '../check.ts';
import { fact, fail, inconclusive, pass, warn } from '../checkResult.ts';
import { oktaApiEvidence, oktaApiResults, readOkta } from '../oktaApi.ts';
import type { Translator } from '../translator.ts';

/**
 * Members of Okta's resources as far as they are looked at (Okta Admin Management API 2026.06.3): every one may be missing,
 * and a missing one is not held against the setup.
 */
const texts = v.optional(v.nullable(v.array(v.string())));
const text = v.optional(v.nullable(v.string()));
const applicationSchema = v.object({
  id: v.string(),
  name: text,
  label: text,
  status: text,
  signOnMode: text,
  features: texts,
  credentials: v.optional(
    v.object({
      oauthClient: v.optional(
        v.object({ token_endpoint_auth_method: text, pkce_required: v.optional(v.nullable(v.boolean())) }),
      ),
      userNameTemplate: v.optional(v.object({ template: text })),
    }),
  ),
  settings: v.optional(
    v.object({
      app: v.optional(v.nullable(v.object({ acsURL: text, entityID: text }))),
      oauthClient: v.optional(
        v.object({
          application_type: text,
          grant_types: texts,
          redirect_uris: texts,
          dpop_bound_access_tokens: v.optional(v.nullable(v.boolean())),
        }),
      ),
    }),
  ),
});
const assignmentSchema = v.object({ id: v.string() });
const serverSchema = v.object({ name: text, status: text, issuer: text, issuerMode: text });
const scopeSchema = v.object({ name: v.string(), consent: text });
const policySchema = v.object({
  id: v.string(),
  name: text,
  status: text,
  conditions: v.optional(v.object({ clients: v.optional(v.object({ include: texts })) })),
});
const ruleSchema = v.object({
  name: text,
  status: text,
  conditions: v.optional(
    v.object({
      scopes: v.optional(v.object({ include: texts })),
      grantTypes: v.optional(v.object({ include: texts })),
    }),
  ),
});
const mappingSchema = v.object({ sourceGroupId: text, status: text, errorSummary: text });

const neededGrants = ['authorization_code', 'refresh_token'];
const knownGrants = [...neededGrants, 'urn:ietf:params:oauth:grant-type:device_code'];

/** The OIDC application as Okta has it: active, native, with the grants and redirect URIs of the guide, and no more. */
async function checkApplication({ ports, inputs, signal }: CheckContext) {
  const id = encodeURIComponent(parseClientId(inputs.okta?.clientId ?? ''));
  const answer = await readOkta(ports.http, inputs, `/api/v1/apps/${id}`, applicationSchema, signal);
  if ('refusal' in answer) return answer.refusal;
  const { label, status, signOnMode, credentials, settings } = answer.value;
  const { oauthClient } = settings ?? {};
  const grants = oauthClient?.grant_types ?? [];
  const evidence = {
    label: label ?? undefined,
    applicationStatus: status ?? undefined,
    applicationType: oauthClient?.application_type ?? undefined,
    grants,
    redirectUris: oauthClient?.redirect_uris ?? [],
  };
  if (signOnMode != null && signOnMode !== 'OPENID_CONNECT') return fail('notOidc', evidence);
  if (status != null && status !== 'ACTIVE') return fail('applicationInactive', evidence);
  if (evidence.applicationType !== undefined && evidence.applicationType !== 'native')
    return fail('notNative', evidence);
  const method = credentials?.oauthClient?.token_endpoint_auth_method;
  if (method != null && method !== 'none') return fail('clientSecret', evidence);
  const missing = neededGrants.filter((grant) => !grants.includes(grant));
  if (missing.length > 0) return fail('grantsMissing', { ...evidence, missing });
  if (oauthClient?.dpop_bound_access_tokens === true) return fail('dpopOn', evidence);
  const more = grants.filter((grant) => !knownGrants.includes(grant));
  if (more.length > 0) return warn('grantsTooMany', { ...evidence, more });
  return credentials?.oauthClient?.pkce_required === false ? warn('pkceOff', evidence) : pass(evidence);
}

/** People or groups are assigned to the OIDC application. */
async function checkAssigned({ ports, inputs, signal }: CheckContext) {
  const id = encodeURIComponent(parseClientId(inputs.okta?.clientId ?? ''));
  const list = async (kind: string) =>
    readOkta(ports.http, inputs, `/api/v1/apps/${id}/${kind}?limit=200`, v.array(assignmentSchema), signal);
  const groups = await list('groups');
  if ('refusal' in groups) return groups.refusal;
  const people = await list('users');
  if ('refusal' in people) return people.refusal;
  const evidence = { assignedGroups: groups.value.length, assignedPeople: people.value.length };
  return evidence.assignedGroups + evidence.assignedPeople === 0
    ? fail('noOneAssigned', evidence)
    : pass(evidence);
}

/** The path of the authorization server in Okta's API. */
function serverPath({ inputs }: CheckContext): string {
  const id = /\/oauth2\/(\w{1,60})$/.exec(parseIssuer(inputs.okta?.issuer ?? ''))?.[1] ?? '';
  return `/api/v1/authorizationServers/${id}`;
}

/** The authorization server is active, and its issuer is this one. */
async function checkServer(context: CheckContext) {
  const { ports, inputs, signal } = context;
  const answer = await readOkta(ports.http, inputs, serverPath(context), serverSchema, signal);
  if ('refusal' in answer) return answer.refusal;
  const { name, status, issuer, issuerMode } = answer.value;
  const evidence = {
    label: name ?? undefined,
    serverStatus: status ?? undefined,
    issuer: issuer ?? undefined,
    issuerMode: issuerMode ?? undefined,
  };
  if (status != null && status !== 'ACTIVE') return fail('serverInactive', evidence);
  const given = parseIssuer(inputs.okta?.issuer ?? '');
  return issuer != null && issuer !== given ? fail('issuerDiffers', { ...evidence, given }) : pass(evidence);
}

/** Every scope of the connection is defined, with Implicit consent. */
async function checkApiScopes(context: CheckContext) {
  const { ports, inputs, signal } = context;
  const path = `${serverPath(context)}/scopes?limit=200`;
  const answer = await readOkta(ports.http, inputs, path, v.array(scopeSchema), signal);
  if ('refusal' in answer) return answer.refusal;
  const scopes = inputs.okta === undefined ? [] : scopesOf(inputs.okta);
  const missing = scopes.filter((scope) => !answer.value.some(({ name }) => name === scope));
  if (missing.length > 0) return fail('scopeMissing', { scopes, missing });
  const asking = answer.value.filter(
    ({ name, consent }) => scopes.includes(name) && consent != null && consent !== 'IMPLICIT',
  );
  const withConsent = asking.map(({ name }) => name);
  return withConsent.length > 0 ? fail('consentAsked', { scopes, withConsent }) : pass({ scopes });
}

/** An active policy is for this application, and an active rule of it lists exactly the scopes of the connection. */
async function checkPolicy(context: CheckContext) {
  const { ports, inputs, signal } = context;
  const path = `${serverPath(context)}/policies`;
  const answer = await readOkta(ports.http, inputs, path, v.array(policySchema), signal);
  if ('refusal' in answer) return answer.refusal;
  const clientId = parseClientId(inputs.okta?.clientId ?? '');
  const isFor = (include: readonly string[]): boolean =>
    include.includes(clientId) || include.includes('ALL_CLIENTS');
  const [policy] = answer.value.filter(
    ({ status, conditions }) => status === 'ACTIVE' && isFor(conditions?.clients?.include ?? []),
  );
  const policies = answer.value.flatMap(({ name }) => name ?? []);
  if (policy === undefined) return fail('noPolicy', { policies });
  const rulesPath = `${path}/${encodeURIComponent(policy.id)}/rules`;
  const rules = await readOkta(ports.http, inputs, rulesPath, v.array(ruleSchema), signal);
  if ('refusal' in rules) return rules.refusal;
  const active = rules.value.filter(({ status }) => status === 'ACTIVE');
  const evidence = {
    policies: policy.name == null ? [] : [policy.name],
    rules: active.flatMap(({ name }) => name ?? []),
  };
  const [rule] = active;
  if (rule === undefined) return fail('noRule', evidence);
  const wanted = inputs.okta === undefined ? [] : scopesOf(inputs.okta);
  const included = active.map(({ conditions }) => conditions?.scopes?.include ?? []);
  const fitting = included.find(
    (scopes) => scopes.includes('*') || wanted.every((scope) => scopes.includes(scope)),
  );
  if (fitting === undefined)
    return fail('ruleLacksScopes', {
      ...evidence,
      missing: wanted.filter((scope) => !included.some((scopes) => scopes.includes(scope))),
    });
  const more = fitting.filter((scope) => !wanted.includes(scope));
  return more.length > 0
    ? warn('ruleListsMore', { ...evidence, more })
    : pass({ ...evidence, scopes: fitting });
}

/** The application of *AWS IAM Identity Center* in Okta, the one that this metadata or these addresses are of. */
async function identityCenterApplication({ ports, inputs, signal }: CheckContext) {
  const path = `/api/v1/apps?filter=${encodeURIComponent('name eq "amazon_aws_sso"')}&limit=200`;
  const answer = await readOkta(ports.http, inputs, path, v.array(applicationSchema), signal);
  if ('refusal' in answer) return answer;
  const found = answer.value.filter(({ name }) => name === 'amazon_aws_sso');
  const meant = found.filter(({ settings }) => settings?.app?.entityID === inputs.samlIssuerUrl?.trim());
  const [application, ...others] = meant.length > 0 ? meant : found;
  if (application === undefined) return { refusal: fail('noApplication') };
  return others.length > 0
    ? { refusal: inconclusive('severalApplications', { labels: found.flatMap(({ label }) => label ?? []) }) }
    : { value: application };
}

/** The application is active, and has the addresses of this Identity Center, as Okta has them and not as they were typed. */
async function checkSignOnDetails(context: CheckContext) {
  const answer = await identityCenterApplication(context);
  if ('refusal' in answer) return answer.refusal;
  const { label, status, settings, credentials } = answer.value;
  const { acsURL, entityID } = settings?.app ?? {};
  const evidence = {
    label: label ?? undefined,
    applicationStatus: status ?? undefined,
    acsUrl: acsURL ?? undefined,
    entityId: entityID ?? undefined,
    userName: credentials?.userNameTemplate?.template ?? undefined,
  };
  if (status != null && status !== 'ACTIVE') return fail('applicationInactive', evidence);
  const { acsUrl, samlIssuerUrl } = context.inputs;
  if (acsURL == null || entityID == null) return inconclusive('notTold', evidence);
  if (acsURL !== acsUrl?.trim()) return fail('acsUrlDiffers', { ...evidence, given: acsUrl });
  return entityID === samlIssuerUrl?.trim()
    ? pass(evidence)
    : fail('issuerUrlDiffers', { ...evidence, given: samlIssuerUrl });
}

const provisioningFeatures = ['PUSH_NEW_USERS', 'PUSH_PROFILE_UPDATES', 'PUSH_USER_DEACTIVATION'];

/** Provisioning is enabled with the three boxes under To App. */
async function checkProvisioningFeatures(context: CheckContext) {
  const answer = await identityCenterApplication(context);
  if ('refusal' in answer) return answer.refusal;
  const features = answer.value.features ?? [];
  const missing = provisioningFeatures.filter((feature) => !features.includes(feature));
  return missing.length > 0 ? fail('featuresMissing', { features, missing }) : pass({ features });
}

/** Every group that is assigned is pushed, and its push is active. */
async function checkGroupPush(context: CheckContext) {
  const { ports, inputs, signal } = context;
  const answer = await identityCenterApplication(context);
  if ('refusal' in answer) return answer.refusal;
  const path = `/api/v1/apps/${encodeURIComponent(answer.value.id)}`;
  const groups = await readOkta(
    ports.http,
    inputs,
    `${path}/groups?limit=200`,
    v.array(assignmentSchema),
    signal,
  );
  if ('refusal' in groups) return groups.refusal;
  const mappings = await readOkta(
    ports.http,
    inputs,
    `${path}/group-push/mappings?limit=200`,
    v.array(mappingSchema),
    signal,
  );
  if ('refusal' in mappings) return mappings.refusal;
  const assigned = groups.value.map(({ id }) => id);
  const evidence = { assignedGroups: assigned.length, pushedGroups: mappings.value.length };
  if (assigned.length === 0) return fail('noGroupAssigned', evidence);
  const missing = assigned.filter((id) => !mappings.value.some(({ sourceGroupId }) => sourceGroupId === id));
  if (missing.length > 0) return fail('groupsNotPushed', { ...evidence, missing });
  const broken = mappings.value.filter(({ status }) => status != null && status !== 'ACTIVE');
  return broken.length > 0
    ? fail('pushNotActive', { ...evidence, words: broken[0]?.errorSummary?.slice(0, 300) })
    : pass(evidence);
}

const oidcApplication = (l10n: Translator) =>
  l10n.t('Okta Admin Console > Applications > Applications > your OIDC application > General');
const authorizationServer = (l10n: Translator) =>
  l10n.t('Okta Admin Console > Security > API > Authorization Servers > your server');
const samlApplication = (l10n: Translator) =>
  l10n.t('Okta Admin Console > Applications > Applications > your IAM Identity Center application');
const applicationInactive = (l10n: Translator) => ({
  found: l10n.t('The application is not active in Okta.'),
  next: l10n.t('Activate it.'),
});
const ofApplication = (l10n: Translator) => ({
  noApplication: {
    found: l10n.t('The organization has no application AWS IAM Identity Center.'),
    next: l10n.t('Add it from the catalog.'),
  },
  severalApplications: {
    found: l10n.t('The organization has several applications AWS IAM Identity Center.'),
    next: l10n.t('Enter the issuer URL of the one that you mean.'),
  },
});
const labels = (l10n: Translator) => ({
  ...oktaApiEvidence(l10n),
  label: l10n.t('Name in Okta'),
  labels: l10n.t('Names in Okta'),
  applicationStatus: l10n.t('Status'),
});

/** What Okta's own API says, with a read-only token. */
export const oktaApiChecks = [
  defineCheck({
    id: 'oktaApi.application',
    steps: ['kiro.oidcApp'],
    owner: 'oktaAdministrator',
    page: 'oktaApplication',
    needs: ['okta', 'oktaApiToken'],
    run: checkApplication,
    texts: (l10n) => ({
      title: l10n.t('Application settings in Okta'),
      path: oidcApplication(l10n),
      results: {
        ...oktaApiResults(l10n),
        notOidc: {
          found: l10n.t('The application is not an OIDC application.'),
          next: l10n.t('Copy the client ID from the OIDC application.'),
        },
        applicationInactive: applicationInactive(l10n),
        notNative: (result) => ({
          found: l10n.t('The application has the type {0}.', fact(result, 'applicationType')),
          next: l10n.t('Create it again as a Native Application.'),
        }),
        clientSecret: {
          found: l10n.t('The application requires a client secret.'),
          next: l10n.t('Set Client authentication to None.'),
        },
        grantsMissing: (result) => ({
          found: l10n.t('The application lacks the grants {0}.', fact(result, 'missing')),
          next: l10n.t('Select Authorization Code and Refresh Token under Grant type.'),
        }),
        dpopOn: {
          found: l10n.t('The application requires DPoP, which the clients in this guide don’t support.'),
          next: l10n.t('Clear Require Demonstrating Proof of Possession.'),
        },
        grantsTooMany: (result) => ({
          found: l10n.t('The application has more grants than the guide: {0}.', fact(result, 'more')),
          next: l10n.t('Clear them under Grant type if nothing else needs them.'),
        }),
        pkceOff: {
          found: l10n.t('The application doesn’t require PKCE.'),
          next: l10n.t('Select Require PKCE as additional verification.'),
        },
      },
      evidence: {
        ...labels(l10n),
        applicationType: l10n.t('Application type'),
        grants: l10n.t('Grant types'),
        redirectUris: l10n.t('Redirect URIs'),
        more: l10n.t('More than in the guide'),
      },
    }),
  }),
  defineCheck({
    id: 'oktaApi.assignments',
    steps: ['kiro.assignments'],
    owner: 'oktaAdministrator',
    page: 'oktaAssignments',
    needs: ['okta', 'oktaApiToken'],
    after: ['oktaApi.application'],
    run: checkAssigned,
    texts: (l10n) => ({
      title: l10n.t('Assignments in Okta'),
      path: oidcApplication(l10n),
      results: {
        ...oktaApiResults(l10n),
        noOneAssigned: {
          found: l10n.t('No one is assigned to the OIDC application.'),
          next: l10n.t('Assign the people or groups who sign in.'),
        },
      },
      evidence: {
        ...oktaApiEvidence(l10n),
        assignedGroups: l10n.t('Assigned groups'),
        assignedPeople: l10n.t('Assigned people'),
      },
    }),
  }),
  defineCheck({
    id: 'oktaApi.server',
    steps: ['kiro.authorizationServer'],
    owner: 'oktaAdministrator',
    page: 'oktaAuthorizationServer',
    needs: ['okta', 'oktaApiToken'],
    after: ['okta.metadata'],
    run: checkServer,
    texts: (l10n) => ({
      title: l10n.t('Authorization server in Okta'),
      path: authorizationServer(l10n),
      results: {
        ...oktaApiResults(l10n),
        serverInactive: {
          found: l10n.t('The authorization server is not active in Okta.'),
          next: l10n.t('Activate it.'),
        },
        issuerDiffers: (result) => ({
          found: l10n.t('The authorization server’s issuer is {0}.', fact(result, 'issuer')),
          next: l10n.t('Use that issuer in the editor and in the service’s profile.'),
        }),
      },
      evidence: {
        ...oktaApiEvidence(l10n),
        label: l10n.t('Name in Okta'),
        serverStatus: l10n.t('Status'),
        issuerMode: l10n.t('Issuer mode'),
      },
    }),
  }),
  defineCheck({
    id: 'oktaApi.scopes',
    steps: ['kiro.scopes'],
    owner: 'oktaAdministrator',
    page: 'oktaAuthorizationServer',
    needs: ['okta', 'oktaApiToken'],
    after: ['oktaApi.server'],
    run: checkApiScopes,
    texts: (l10n) => ({
      title: l10n.t('Scopes and consent in Okta'),
      path: authorizationServer(l10n),
      results: {
        ...oktaApiResults(l10n),
        scopeMissing: (result) => ({
          found: l10n.t('The authorization server lacks the scopes {0}.', fact(result, 'missing')),
          next: l10n.t('Add them under Scopes, with Implicit user consent, spelled exactly so.'),
        }),
        consentAsked: (result) => ({
          found: l10n.t('The scopes {0} ask for consent.', fact(result, 'withConsent')),
          next: l10n.t('Set User consent to Implicit.'),
        }),
      },
      evidence: { ...oktaApiEvidence(l10n), withConsent: l10n.t('With consent') },
    }),
  }),
  defineCheck({
    id: 'oktaApi.policy',
    steps: ['kiro.accessPolicy'],
    owner: 'oktaAdministrator',
    page: 'oktaAuthorizationServer',
    needs: ['okta', 'oktaApiToken'],
    after: ['oktaApi.application', 'oktaApi.server'],
    run: checkPolicy,
    texts: (l10n) => ({
      title: l10n.t('Access policy and rule in Okta'),
      path: authorizationServer(l10n),
      results: {
        ...oktaApiResults(l10n),
        noPolicy: {
          found: l10n.t('No active access policy is assigned to the OIDC application.'),
          next: l10n.t('Assign the policy to the OIDC application, and activate it.'),
        },
        noRule: {
          found: l10n.t('The access policy has no active rule.'),
          next: l10n.t('Add a rule with the scopes of the guide, and activate it.'),
        },
        ruleLacksScopes: (result) => ({
          found: l10n.t('No rule lists the scopes {0}.', fact(result, 'missing')),
          next: l10n.t('List exactly the scopes of the guide in the rule.'),
        }),
        ruleListsMore: (result) => ({
          found: l10n.t('The rule also grants {0}. Sign-in still works.', fact(result, 'more')),
          next: l10n.t('Select “The following scopes” in the rule, and enter only the scopes in the guide.'),
        }),
      },
      evidence: {
        ...oktaApiEvidence(l10n),
        policies: l10n.t('Access policies'),
        rules: l10n.t('Rules'),
        more: l10n.t('More than in the guide'),
      },
    }),
  }),
  defineCheck({
    id: 'oktaApi.signOnDetails',
    steps: ['identityCenter.signOnDetails'],
    owner: 'oktaAdministrator',
    page: 'oktaApplications',
    needs: ['metadataXml', 'acsUrl', 'samlIssuerUrl', 'oktaApiToken'],
    after: ['saml.acsUrl', 'saml.issuerUrl'],
    run: checkSignOnDetails,
    texts: (l10n) => ({
      title: l10n.t('Sign-on details in Okta'),
      path: samlApplication(l10n),
      results: {
        ...oktaApiResults(l10n),
        ...ofApplication(l10n),
        applicationInactive: applicationInactive(l10n),
        notTold: {
          found: l10n.t('Okta doesn’t tell the addresses of the application.'),
          next: l10n.t('Compare them with the console by eye.'),
        },
        acsUrlDiffers: (result) => ({
          found: l10n.t('Okta has another ACS URL: {0}.', fact(result, 'acsUrl')),
          next: l10n.t('Copy the ACS URL from IAM Identity Center into Okta, and save.'),
        }),
        issuerUrlDiffers: (result) => ({
          found: l10n.t('Okta has another issuer URL: {0}.', fact(result, 'entityId')),
          next: l10n.t('Copy the issuer URL from IAM Identity Center into Okta, and save.'),
        }),
      },
      evidence: {
        ...labels(l10n),
        acsUrl: l10n.t('ACS URL'),
        entityId: l10n.t('Issuer URL'),
        userName: l10n.t('Application username format'),
      },
    }),
  }),
  defineCheck({
    id: 'oktaApi.provisioning',
    steps: ['identityCenter.oktaProvisioning'],
    owner: 'oktaAdministrator',
    page: 'oktaApplications',
    needs: ['metadataXml', 'oktaApiToken'],
    run: checkProvisioningFeatures,
    texts: (l10n) => ({
      title: l10n.t('Provisioning settings in Okta'),
      path: samlApplication(l10n),
      results: {
        ...oktaApiResults(l10n),
        ...ofApplication(l10n),
        featuresMissing: (result) => ({
          found: l10n.t('Provisioning in Okta lacks {0}.', fact(result, 'missing')),
          next: l10n.t('Enable API integration, and select Create, Update and Deactivate under To App.'),
        }),
      },
      evidence: { ...labels(l10n), features: l10n.t('Provisioning features') },
    }),
  }),
  defineCheck({
    id: 'oktaApi.groupPush',
    steps: ['identityCenter.assignGroups'],
    owner: 'oktaAdministrator',
    page: 'oktaApplications',
    needs: ['metadataXml', 'oktaApiToken'],
    run: checkGroupPush,
    texts: (l10n) => ({
      title: l10n.t('Pushed groups in Okta'),
      path: samlApplication(l10n),
      results: {
        ...oktaApiResults(l10n),
        ...ofApplication(l10n),
        noGroupAssigned: {
          found: l10n.t('No group is assigned to the application.'),
          next: l10n.t('Assign the groups, and push them.'),
        },
        groupsNotPushed: {
          found: l10n.t('Assigned groups are not pushed.'),
          next: l10n.t('Push every assigned group under Push Groups.'),
        },
        pushNotActive: {
          found: l10n.t('The push of a group is not active.'),
          next: l10n.t('Open Push Groups, and repair or activate it.'),
        },
      },
      evidence: {
        ...labels(l10n),
        assignedGroups: l10n.t('Assigned groups'),
        pushedGroups: l10n.t('Pushed groups'),
      },
    }),
  }),
];
