import * as v from 'valibot';
import type { CheckContext } from '../check.ts';
import { fail, inconclusive } from '../checkResult.ts';
import { applicationSchema, assignedUsersSchema } from '../oktaResources.ts';
import type { Translator } from '../translator.ts';
import { identityCenterApplication, ofApplication } from './oktaApiIdentityCenter.ts';

/** Maximum number of applications in which to search for the person. */
const maxCandidates = 8;

/**
 * Finds the application that provisions people to Kiro: the only one with SCIM provisioning, the only one of those
 * named after Kiro, or the one where the person has the ID from the SCIM endpoint.
 */
export async function kiroApplication(context: CheckContext) {
  const { lookups, inputs } = context;
  const answer = await lookups.okta.read('/api/v1/apps?limit=200', v.array(applicationSchema));
  if ('refusal' in answer) return answer;
  const all = answer.value.filter(
    ({ name, signOnMode, features }) =>
      name === 'amazon_aws_sso' ||
      (signOnMode === 'SAML_2_0' && (features ?? []).includes('SCIM_PROVISIONING')),
  );
  // Ignore deactivated leftovers.
  const active = all.filter(({ status }) => status !== 'INACTIVE');
  const candidates = active.length > 0 ? active : all;
  const [application, ...others] = candidates;
  if (application === undefined) return { refusal: fail('noScimApplication') };
  if (others.length === 0) return { value: application };
  const named = candidates.filter(({ label }) => /kiro|code ?whisperer|amazon q/i.test(label ?? ''));
  const [only] = named;
  if (only !== undefined && named.length === 1) return { value: only };
  const scimId = await scimIdOf(context);
  if (scimId !== undefined)
    for (const one of candidates.slice(0, maxCandidates)) {
      const users = await usersIn(context, one.id, inputs.userName?.trim() ?? '');
      if ('value' in users && users.value.some(({ externalId }) => externalId === scimId))
        return { value: one };
    }
  return {
    refusal: inconclusive('severalScimApplications', {
      labels: candidates.flatMap(({ label }) => label ?? []),
    }),
  };
}

/** The provisioning application of either guide. */
export async function provisioningApplication(context: CheckContext) {
  return context.inputs.oktaClient === undefined
    ? identityCenterApplication(context)
    : kiroApplication(context);
}

/** Texts for the results of {@link provisioningApplication}. */
export const ofProvisioningApplication = (l10n: Translator) => ({
  ...ofApplication(l10n),
  ...ofScimApplication(l10n),
});

/** The person's ID at the SCIM endpoint; undefined if an input is missing or the lookup fails. */
async function scimIdOf({ lookups, inputs }: CheckContext): Promise<string | undefined> {
  const given = [inputs.scimEndpoint, inputs.scimToken, inputs.userName];
  if (given.some((value) => (value ?? '').trim() === '')) return undefined;
  const person = await lookups.person();
  return 'value' in person ? person.value?.id : undefined;
}

/** The people of an application in Okta; with `name`, those whose name begins with it. */
export async function usersIn({ lookups }: CheckContext, id: string, name = '') {
  const path = `/api/v1/apps/${encodeURIComponent(id)}/users?limit=200`;
  return lookups.okta.read(name === '' ? path : `${path}&q=${encodeURIComponent(name)}`, assignedUsersSchema);
}

/** Texts for the results of {@link kiroApplication}. */
export const ofScimApplication = (l10n: Translator) => ({
  noScimApplication: {
    found: l10n.t('The organization has no SAML application that provisions people through SCIM.'),
    next: l10n.t('Create it, and set Provisioning to SCIM under General > App Settings.'),
  },
  severalScimApplications: {
    found: l10n.t(
      'Several applications provision people through SCIM, and it isn’t clear which one is Kiro’s.',
    ),
    next: l10n.t('Enter the SCIM token and a provisioned person to identify it.'),
  },
});
