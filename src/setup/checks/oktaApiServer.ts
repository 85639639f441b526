import * as v from 'valibot';
import { defaultScopesOf, scopesOf } from '../../core/connection/connection.ts';
import { parseClientId, parseIssuer } from '../../input/issuer.ts';
import { isSameIssuer } from '../../core/oidc/discovery.ts';
import { defineCheck } from '../check.ts';
import type { CheckContext } from '../check.ts';
import { fact, fail, inconclusive, pass, warn } from '../checkResult.ts';
import type { EvidenceValue } from '../checkResult.ts';
import { oktaApiEvidence, oktaApiResults } from '../oktaApi.ts';
import type { OktaResult } from '../oktaApi.ts';
import { policySchema, ruleSchema, scopeSchema, serverSchema } from '../oktaResources.ts';
import type { Policy, Rule } from '../oktaResources.ts';
import type { Translator } from '../translator.ts';
import { deviceGrantMissing } from './oktaApplication.ts';
import { wrongSettings } from './oktaApiApplication.ts';

/**
 * The path of the authorization server in Okta's API.
 * @throws SignInError `invalidInput` if the issuer is not an address
 */
function serverPath({ inputs }: CheckContext): string {
  const id = /\/oauth2\/(\w{1,60})$/.exec(parseIssuer(inputs.oktaClient?.issuer ?? ''))?.[1] ?? '';
  return `/api/v1/authorizationServers/${id}`;
}

/** Verifies that the authorization server is active and has this issuer. */
async function checkServer(context: CheckContext) {
  const { inputs, lookups } = context;
  const path = serverPath(context);
  // Okta's API cannot look up a server without an ID in its issuer.
  if (path.endsWith('/')) return inconclusive('blocked', { blockedBy: ['okta.metadata'] });
  const answer = await lookups.okta.read(path, serverSchema);
  if ('refusal' in answer) return answer.refusal;
  const { name, status, issuer, issuerMode } = answer.value;
  const evidence = {
    label: name ?? undefined,
    serverStatus: status ?? undefined,
    issuer: issuer ?? undefined,
    issuerMode: issuerMode ?? undefined,
  };
  if (status != null && status !== 'ACTIVE') return fail('serverInactive', evidence);
  const given = parseIssuer(inputs.oktaClient?.issuer ?? '');
  // A server with the issuer *Dynamic* has that of each request's own domain.
  const isOwn =
    issuer == null ||
    isSameIssuer(issuer, given) ||
    (issuerMode === 'DYNAMIC' && URL.parse(issuer)?.pathname === new URL(given).pathname);
  return isOwn ? pass(evidence) : fail('issuerDiffers', { ...evidence, given });
}

/** Verifies that every scope of the connection is defined, with Implicit consent. */
async function checkApiScopes(context: CheckContext) {
  const { inputs, lookups } = context;
  const path = `${serverPath(context)}/scopes?limit=200`;
  const answer = await lookups.okta.read(path, v.array(scopeSchema));
  if ('refusal' in answer) return answer.refusal;
  const scopes = inputs.oktaClient === undefined ? [] : scopesOf(inputs.oktaClient);
  const missing = scopes.filter((scope) => !answer.value.some(({ name }) => name === scope));
  if (missing.length > 0) return fail('scopeMissing', { scopes, missing });
  const asking = answer.value.filter(
    ({ name, consent }) => scopes.includes(name) && consent != null && consent !== 'IMPLICIT',
  );
  const withConsent = asking.map(({ name }) => name);
  return withConsent.length > 0 ? fail('consentAsked', { scopes, withConsent }) : pass({ scopes });
}

/**
 * Verifies that an active policy applies to this application, with an active rule that lists exactly the
 * connection's scopes, and no rule with more: Okta continues with the next one for other scopes.
 */
async function checkPolicy(context: CheckContext) {
  const { inputs, lookups, ports } = context;
  const all = await lookups.okta.read(`${serverPath(context)}/policies`, v.array(policySchema));
  if ('refusal' in all) return all.refusal;
  const found = await accessRules(context);
  if ('refusal' in found) return found.refusal;
  const { policies, rules: active } = found.value;
  if (policies.length === 0) return fail('noPolicy', { policies: namesOf(all.value) });
  const evidence = { policies: namesOf(policies), rules: namesOf(active) };
  if (active.length === 0) return fail('noRule', evidence);
  const rules = active.filter(isForSignIn);
  if (rules.length === 0) return fail('ruleLacksGrant', evidence);
  const wanted = inputs.oktaClient === undefined ? [] : scopesOf(inputs.oktaClient);
  const included = rules.map(({ conditions }) => conditions?.scopes?.include ?? []);
  const missingIn = (scopes: readonly string[]): readonly string[] =>
    scopes.includes('*') ? [] : wanted.filter((scope) => !scopes.includes(scope));
  const index = included.findIndex((scopes) => missingIn(scopes).length === 0);
  const [rule, fitting] = [rules[index], included[index]];
  if (rule === undefined || fitting === undefined) {
    // One rule must have them all: report the scopes missing from the closest one.
    const [nearest = wanted] = included.map(missingIn).toSorted((a, b) => a.length - b.length);
    return fail('ruleLacksScopes', { ...evidence, missing: nearest });
  }
  const ofGuide = [...wanted, ...defaultScopesOf('okta')];
  const more = [...new Set(included.flat())]
    .filter((scope) => !ofGuide.includes(scope))
    .map((scope) => (scope === '*' ? 'Any scopes' : scope)); // As the console shows it.
  if (more.length > 0) return warn('ruleListsMore', { ...evidence, more });
  if (ports.beginsWithDeviceCode && !active.some(isFor(deviceCodeGrant)))
    return warn('deviceGrantMissing', evidence);
  const others = notDefault(rule);
  return Object.values(others).some((value) => value !== undefined)
    ? warn('ruleNotDefault', { ...evidence, ...others })
    : pass({ ...evidence, scopes: fitting });
}

/** The people and token lifetimes of a rule that are not those of a new one (Okta API reference, policy rule). */
function notDefault({ conditions, actions }: Rule) {
  const { users, groups } = conditions?.people ?? {};
  const isRestricted =
    (groups?.include ?? users?.include)?.includes('EVERYONE') === false ||
    [groups?.exclude, users?.exclude].some((ids) => (ids ?? []).length > 0);
  const { token } = actions ?? {};
  const unless = (given: number | null | undefined, usual: number): number | undefined =>
    given === usual ? undefined : (given ?? undefined);
  return {
    rulePeople: isRestricted ? [...(groups?.include ?? []), ...(users?.include ?? [])] : undefined,
    accessTokenMinutes: unless(token?.accessTokenLifetimeMinutes, 60),
    refreshTokenMinutes: unless(token?.refreshTokenLifetimeMinutes, 0),
    refreshTokenWindowMinutes: unless(token?.refreshTokenWindowMinutes, 7 * 24 * 60),
  };
}

const minutesOf = (l10n: Translator, name: string) => ({
  name,
  value: (minutes: EvidenceValue) => l10n.t('{0} min', Number(minutes)),
});

function namesOf(all: readonly (Policy | Rule)[]): readonly string[] {
  return all.flatMap(({ name }) => name ?? []);
}

/**
 * The active access policies for the OIDC application and their active rules, in Okta's order of evaluation: by
 * priority, continuing with the next policy if no rule of one matches (Okta developer guide, *Configure an
 * access policy*).
 */
export async function accessRules(
  context: CheckContext,
): Promise<OktaResult<{ readonly policies: readonly Policy[]; readonly rules: readonly Rule[] }>> {
  const { inputs, lookups } = context;
  const path = `${serverPath(context)}/policies`;
  const all = await lookups.okta.read(path, v.array(policySchema));
  if ('refusal' in all) return all;
  const clientId = parseClientId(inputs.oktaClient?.clientId ?? '');
  const policies = byPriority(
    all.value.filter(({ status, conditions }) => {
      const include = conditions?.clients?.include ?? [];
      return status === 'ACTIVE' && (include.includes(clientId) || include.includes('ALL_CLIENTS'));
    }),
  );
  const rules: Rule[] = [];
  for (const { id } of policies) {
    const some = await lookups.okta.read(`${path}/${encodeURIComponent(id)}/rules`, v.array(ruleSchema));
    if ('refusal' in some) return some;
    rules.push(...byPriority(some.value.filter(({ status }) => status === 'ACTIVE')));
  }
  return { value: { policies, rules } };
}

function byPriority<T extends Policy | Rule>(all: readonly T[]): readonly T[] {
  return all.toSorted((a, b) => (a.priority ?? Infinity) - (b.priority ?? Infinity) || 0);
}

/** Whether a rule applies to a grant type; a rule without grant types applies to all. */
const isFor =
  (grant: string) =>
  ({ conditions }: Rule): boolean => {
    const grants = conditions?.grantTypes?.include ?? [];
    return grants.length === 0 || grants.includes(grant);
  };
/** Whether a rule applies to browser sign-ins. */
export const isForSignIn = isFor('authorization_code');
const deviceCodeGrant = 'urn:ietf:params:oauth:grant-type:device_code';

/** Failures of the server that do not affect its scopes and policies. */
const wrongServer = ['serverInactive', 'issuerDiffers'];

/** The console path of the authorization server. */
export const authorizationServer = (l10n: Translator) =>
  l10n.t('Okta Admin Console > Security > API > Authorization Servers > your server');

/** Checks of the authorization server through Okta's API, with a read-only token. */
export const oktaApiServerChecks = [
  defineCheck({
    id: 'oktaApi.server',
    steps: ['kiro.authorizationServer'],
    owner: 'oktaAdministrator',
    page: 'oktaAuthorizationServer',
    needs: ['oktaClient', 'oktaApi'],
    after: ['okta.metadata'],
    // An inactive server has no metadata.
    despite: { 'okta.metadata': ['noMetadata'] },
    run: checkServer,
    texts: (l10n) => ({
      title: l10n.t('Authorization server in Okta'),
      path: authorizationServer(l10n),
      results: {
        ...oktaApiResults(l10n),
        serverInactive: {
          found: l10n.t('The authorization server isn’t active in Okta.'),
          next: l10n.t('Activate the authorization server.'),
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
    needs: ['oktaClient', 'oktaApi'],
    after: ['oktaApi.server'],
    despite: { 'oktaApi.server': wrongServer },
    run: checkApiScopes,
    texts: (l10n) => ({
      title: l10n.t('Scopes and consent in Okta'),
      path: authorizationServer(l10n),
      results: {
        ...oktaApiResults(l10n),
        scopeMissing: (result) => ({
          found: l10n.t('The authorization server is missing the scopes {0}.', fact(result, 'missing')),
          next: l10n.t('Add them under Scopes with Implicit user consent, spelled exactly like this.'),
        }),
        consentAsked: (result) => ({
          found: l10n.t('The scopes {0} don’t have Implicit consent.', fact(result, 'withConsent')),
          next: l10n.t('Set User consent to Implicit.'),
        }),
      },
      evidence: { ...oktaApiEvidence(l10n), withConsent: l10n.t('Consent required') },
    }),
  }),
  defineCheck({
    id: 'oktaApi.policy',
    steps: ['kiro.accessPolicy'],
    owner: 'oktaAdministrator',
    page: 'oktaAuthorizationServer',
    needs: ['oktaClient', 'oktaApi'],
    after: ['oktaApi.application', 'oktaApi.server'],
    despite: { 'oktaApi.application': wrongSettings, 'oktaApi.server': wrongServer },
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
          next: l10n.t('Add a rule with the scopes in the guide, and activate it.'),
        },
        ruleLacksGrant: {
          found: l10n.t('No active rule is for the Authorization Code grant.'),
          next: l10n.t('Select Authorization Code in the rule.'),
        },
        deviceGrantMissing: deviceGrantMissing(l10n),
        ruleNotDefault: {
          found: l10n.t('The rule’s people or token lifetimes aren’t the defaults.'),
          next: l10n.t('If that isn’t intended, restore them: any user, 1 hour, unlimited, and 7 days.'),
        },
        ruleLacksScopes: (result) => ({
          found: l10n.t('No rule lists the scopes {0}.', fact(result, 'missing')),
          next: l10n.t('List exactly the scopes in the guide in the rule.'),
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
        more: l10n.t('Not in the guide'),
        rulePeople: l10n.t('People and groups of the rule'),
        accessTokenMinutes: minutesOf(l10n, l10n.t('Access token lifetime')),
        refreshTokenMinutes: minutesOf(l10n, l10n.t('Refresh token lifetime')),
        refreshTokenWindowMinutes: minutesOf(l10n, l10n.t('Refresh token expires if not used for')),
      },
    }),
  }),
];
