import * as v from 'valibot';
import { parseClientId } from '../../input/issuer.ts';
import { defineCheck } from '../check.ts';
import type { CheckContext } from '../check.ts';
import { fact, fail, inconclusive, pass, warn } from '../checkResult.ts';
import { oktaApiEvidence, oktaApiResults, otherRecord } from '../oktaApi.ts';
import { applicationSchema, assignedUsersSchema, assignmentSchema, isForEveryone } from '../oktaResources.ts';
import type { Translator } from '../translator.ts';
import { applicationInactive, labels, settingsMissing } from './oktaApiTexts.ts';

const neededGrants = ['authorization_code', 'refresh_token'];
const knownGrants = [...neededGrants, 'urn:ietf:params:oauth:grant-type:device_code'];

/** Verifies the OIDC application in Okta: active, native, with exactly the guide's grants and redirect URIs. */
async function checkApplication({ inputs, lookups }: CheckContext) {
  const id = encodeURIComponent(parseClientId(inputs.oktaClient?.clientId ?? ''));
  const answer = await lookups.okta.read(`/api/v1/apps/${id}`, applicationSchema);
  if ('refusal' in answer) return answer.refusal;
  const { id: ownId, label, status, signOnMode, credentials, settings } = answer.value;
  const clientId = parseClientId(inputs.oktaClient?.clientId ?? '');
  if (ownId !== clientId && credentials?.oauthClient?.client_id !== clientId) return otherRecord(ownId);
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
  if (oauthClient?.grant_types == null) return inconclusive('settingsNotTold', evidence);
  const missing = neededGrants.filter((grant) => !grants.includes(grant));
  if (missing.length > 0) return fail('grantsMissing', { ...evidence, missing });
  if (oauthClient.dpop_bound_access_tokens === true) return fail('dpopOn', evidence);
  const more = grants.filter((grant) => !knownGrants.includes(grant));
  if (more.length > 0) return warn('grantsTooMany', { ...evidence, more });
  return credentials?.oauthClient?.pkce_required === false ? warn('pkceOff', evidence) : pass(evidence);
}

/** Verifies that people or groups are assigned to the OIDC application. */
async function checkAssigned({ inputs, lookups }: CheckContext) {
  const id = encodeURIComponent(parseClientId(inputs.oktaClient?.clientId ?? ''));
  const list = async <T extends v.GenericSchema>(kind: string, schema: T) =>
    lookups.okta.readSome(`/api/v1/apps/${id}/${kind}?limit=200`, schema);
  const groups = await list('groups', v.array(assignmentSchema));
  if ('refusal' in groups) return groups.refusal;
  const people = await list('users', assignedUsersSchema);
  if ('refusal' in people) return people.refusal;
  const evidence = { assignedGroups: groups.value.length, assignedPeople: people.value.length };
  if (evidence.assignedGroups + evidence.assignedPeople > 0) return pass(evidence);
  // The first part of a long list may have only people who lost the application.
  const whole = await lookups.okta.read(`/api/v1/apps/${id}/users?limit=200`, assignedUsersSchema);
  if ('refusal' in whole) return whole.refusal;
  const application = await lookups.okta.read(`/api/v1/apps/${id}`, applicationSchema);
  return 'value' in application && isForEveryone(application.value)
    ? warn('everyoneAssigned', evidence)
    : fail('noOneAssigned', evidence);
}

/** Failures of the application's settings that do not affect its assignments and policies. */
export const wrongSettings = ['applicationInactive', 'notNative', 'clientSecret', 'grantsMissing', 'dpopOn'];

const oidcApplication = (l10n: Translator) =>
  l10n.t('Okta Admin Console > Applications > Applications > your OIDC application > General');

/** The text for an application that needs no assignments. */
export const everyoneAssigned = (l10n: Translator) => ({
  found: l10n.t('Federation Broker Mode lets everyone in the organization sign in.'),
  next: l10n.t('Require assignments if only some groups should have access.'),
});

/** Checks of the OIDC application through Okta's API, with a read-only token. */
export const oktaApiApplicationChecks = [
  defineCheck({
    id: 'oktaApi.application',
    steps: ['kiro.oidcApp'],
    owner: 'oktaAdministrator',
    page: 'oktaApplication',
    needs: ['oktaClient', 'oktaApi'],
    run: checkApplication,
    texts: (l10n) => ({
      title: l10n.t('Application settings in Okta'),
      path: oidcApplication(l10n),
      results: {
        ...oktaApiResults(l10n),
        notOidc: {
          found: l10n.t('The application isn’t an OIDC application.'),
          next: l10n.t('Copy the client ID from the OIDC application.'),
        },
        applicationInactive: applicationInactive(l10n),
        settingsNotTold: settingsMissing(l10n),
        notNative: (result) => ({
          found: l10n.t('The application has the type {0}.', fact(result, 'applicationType')),
          next: l10n.t('Create it again as a Native Application.'),
        }),
        clientSecret: {
          found: l10n.t('The application requires a client secret.'),
          next: l10n.t('Set “Client authentication” to None.'),
        },
        grantsMissing: (result) => ({
          found: l10n.t('The application is missing the grant types {0}.', fact(result, 'missing')),
          next: l10n.t('Select Authorization Code and Refresh Token under Grant type.'),
        }),
        dpopOn: {
          found: l10n.t('The application requires DPoP, which the clients in this guide don’t support.'),
          next: l10n.t('Clear “Require Demonstrating Proof of Possession”.'),
        },
        grantsTooMany: (result) => ({
          found: l10n.t(
            'The application has grant types that aren’t in the guide: {0}.',
            fact(result, 'more'),
          ),
          next: l10n.t('Clear them under Grant type if nothing else needs them.'),
        }),
        pkceOff: {
          found: l10n.t('The application doesn’t require PKCE.'),
          next: l10n.t('Select “Require PKCE as additional verification”.'),
        },
      },
      evidence: {
        ...labels(l10n),
        applicationType: l10n.t('Application type'),
        grants: l10n.t('Grant types'),
        redirectUris: l10n.t('Redirect URIs'),
        more: l10n.t('Not in the guide'),
      },
    }),
  }),
  defineCheck({
    id: 'oktaApi.assignments',
    steps: ['kiro.assignments'],
    owner: 'oktaAdministrator',
    page: 'oktaAssignments',
    needs: ['oktaClient', 'oktaApi'],
    after: ['oktaApi.application'],
    despite: { 'oktaApi.application': wrongSettings },
    run: checkAssigned,
    texts: (l10n) => ({
      title: l10n.t('Assignments in Okta'),
      path: l10n.t('Okta Admin Console > Applications > Applications > your OIDC application > Assignments'),
      results: {
        ...oktaApiResults(l10n),
        everyoneAssigned: everyoneAssigned(l10n),
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
];
