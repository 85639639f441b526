import { awsApiEvidence, awsApiResults } from '../awsApi.ts';
import type { AwsEvent } from '../awsLookups.ts';
import { defineCheck } from '../check.ts';
import type { CheckContext } from '../check.ts';
import { fail, inconclusive, pass } from '../checkResult.ts';
import type { Translator } from '../translator.ts';
import { despitePlace, placeChecks } from './awsApiPlace.ts';

/**
 * Verifies by the events of the last 90 days that the identity source is an external provider: it was changed,
 * or people signed in through it. Another account, such as a delegated administrator's, may have enabled it again, so
 * only a later sign-in without it shows that it is disabled.
 */
async function checkIdentitySource({ lookups }: CheckContext) {
  const unseen = await unseenInstance(lookups);
  if (unseen !== undefined) return unseen;
  const ask = async (name: string) => lookups.aws.events(name);
  const enabled = await ask('EnableExternalIdPConfigurationForDirectory');
  if ('refusal' in enabled) return enabled.refusal;
  const disabled = await ask('DisableExternalIdPConfigurationForDirectory');
  if ('refusal' in disabled) return disabled.refusal;
  const signIns = await ask('UserAuthentication');
  if ('refusal' in signIns) return signIns.refusal;
  const done = (events: readonly AwsEvent[]) => events.find(({ failed }) => !failed)?.at;
  const changedAt = done(enabled.value);
  const leftAt = done(disabled.value) ?? 0;
  const isExternal = ({ credentialType }: AwsEvent): boolean => credentialType === 'EXTERNAL_IDP';
  const signedInAt = done(signIns.value.filter(isExternal));
  const evidence = { changedAt, signedInAt };
  const newest = Math.max(changedAt ?? 0, signedInAt ?? 0);
  if (leftAt > newest) {
    const isShown = signIns.value.some((event) => !event.failed && !isExternal(event) && event.at > leftAt);
    return (isShown ? fail : inconclusive)('notExternal', { ...evidence, leftAt });
  }
  return newest === 0 ? inconclusive('notInHistory') : pass(evidence);
}

/** The result if the profile can't see the instance: the events of its account may be of another one. */
async function unseenInstance({ aws }: CheckContext['lookups']) {
  const instance = await aws.instance();
  if ('refusal' in instance) return instance.refusal;
  return instance.value === undefined ? inconclusive('instanceNotSeen') : undefined;
}

const year = 365 * 24 * 3600_000;

/** Reports when the SCIM token expires, if it was generated in the last 90 days. */
async function checkTokenAge({ lookups }: CheckContext) {
  const unseen = await unseenInstance(lookups);
  if (unseen !== undefined) return unseen;
  const answer = await lookups.aws.events('CreateBearerToken');
  if ('refusal' in answer) return answer.refusal;
  const createdAt = answer.value.find(({ failed }) => !failed)?.at;
  return createdAt === undefined
    ? inconclusive('notInHistory')
    : pass({ createdAt, tokenEndsAt: createdAt + year });
}

/** Texts for an event that is not in the history. */
export const notInHistory = (l10n: Translator) => ({
  found: l10n.t('The CloudTrail event history of this account, which covers 90 days, doesn’t show it.'),
  next: l10n.t('Use a profile in the management account, look in a longer trail, or check the console.'),
});

/** Checks of the setup through CloudTrail's 90-day event history. */
export const awsApiHistoryChecks = [
  defineCheck({
    id: 'awsApi.identitySource',
    steps: ['identityCenter.identitySource'],
    owner: 'awsAdministrator',
    page: 'awsConsole',
    needs: ['accessPortal', 'awsProfile'],
    unlessFailed: [...placeChecks],
    despite: despitePlace,
    run: checkIdentitySource,
    texts: (l10n) => ({
      title: l10n.t('The identity source was changed to an external provider'),
      path: l10n.t('AWS console > IAM Identity Center > Settings > Identity source'),
      results: {
        ...awsApiResults(l10n),
        notInHistory: notInHistory(l10n),
        notExternal: {
          found: l10n.t('The external identity provider was disabled.'),
          next: l10n.t('Enable it again, unless another account already did.'),
        },
      },
      evidence: {
        ...awsApiEvidence(l10n),
        changedAt: l10n.t('External provider enabled'),
        leftAt: l10n.t('External provider disabled'),
        signedInAt: l10n.t('Last sign-in through the external provider'),
      },
    }),
  }),
  defineCheck({
    id: 'awsApi.scimToken',
    steps: ['identityCenter.enableProvisioning'],
    owner: 'awsAdministrator',
    expires: { what: 'scimToken', at: 'tokenEndsAt' },
    page: 'awsConsole',
    needs: ['accessPortal', 'awsProfile'],
    unlessFailed: [...placeChecks],
    despite: despitePlace,
    run: checkTokenAge,
    texts: (l10n) => ({
      title: l10n.t('Expiration of the newest SCIM token'),
      path: l10n.t('AWS console > IAM Identity Center > Settings > Automatic provisioning > Access tokens'),
      results: {
        ...awsApiResults(l10n),
        notInHistory: notInHistory(l10n),
      },
      evidence: {
        ...awsApiEvidence(l10n),
        createdAt: l10n.t('Token generated'),
        tokenEndsAt: l10n.t('Token expires'),
      },
    }),
  }),
];
