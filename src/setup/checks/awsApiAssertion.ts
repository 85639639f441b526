import { errorEffects, findSignInError } from '../../core/oauth/errors.ts';
import { awsApiEvidence, awsApiResults } from '../awsApi.ts';
import { defineCheck } from '../check.ts';
import type { CheckContext } from '../check.ts';
import { fact, fail, inconclusive, pass, warn } from '../checkResult.ts';
import type { CheckResult } from '../checkResult.ts';
import { nameIdDiffers } from '../nameIdDiffers.ts';
import { unfinishedSignIn, unseenGroups } from '../testSignIn.ts';
import type { Translator } from '../translator.ts';
import { notInHistory } from './awsApiHistory.ts';
import { despitePlace, placeChecks } from './awsApiPlace.ts';
import { joinSentences } from '../../output/joinSentences.ts';

/**
 * Verifies the SAML assertion through CloudTrail: a sign-in through an external provider has its NameID, a
 * refused one the reason (IAM Identity Center user guide, *Username in sign-in CloudTrail events*). Waits for
 * the test sign-in, whose event may be minutes late.
 */
export async function checkAssertion({ ports, inputs, lookups }: CheckContext) {
  const began = ports.clock.now();
  // Without a valid start URL in this Region, the sign-in does not begin.
  const isSignedIn = ports.signIn !== undefined && (await lookups.region()) !== undefined;
  const isRefused = isSignedIn && (await wasRefused(lookups));
  const user = await lookups.aws.user();
  if ('refusal' in user) return user.refusal;
  if (user.value === undefined) return inconclusive('blocked', { blockedBy: ['awsApi.person'] });
  const signIns = await lookups.aws.events('UserAuthentication');
  if ('refusal' in signIns) return signIns.refusal;
  const attempts = await lookups.aws.events('ExternalIdPDirectoryLogin');
  if ('refusal' in attempts) return attempts.refusal;
  const { UserId, UserName } = user.value;
  const directoryName = UserName ?? inputs.userName?.trim() ?? '';
  const accepted = signIns.value.filter(
    ({ failed, credentialType }) => !failed && credentialType === 'EXTERNAL_IDP',
  );
  const own = accepted.find(
    ({ userId, userName }) => userId === UserId || isSame(userName ?? '', directoryName),
  );
  const refusal = attempts.value.find(({ failed }) => failed);
  const evidence = { nameId: own?.userName, directoryName, signedInAt: own?.at };
  if (refusal !== undefined && refusal.at > (accepted[0]?.at ?? 0)) {
    const refused = { ...evidence, refusedAt: refusal.at, words: refusal.words };
    return accepted.length === 0 ? fail('assertionRefused', refused) : warn('lastAssertionRefused', refused);
  }
  if (isRefused && (refusal?.at ?? 0) < began) return inconclusive('eventPending', evidence);
  if (own === undefined)
    return inconclusive(accepted.length === 0 ? 'notInHistory' : 'personNotInHistory', { directoryName });
  if (own.userName === undefined) return inconclusive('nameNotShown', evidence);
  return isSame(own.userName, directoryName) ? pass(evidence) : fail('nameIdDiffers', evidence);
}

/** Whether the test sign-in was refused. A canceled one, or one that failed on the way, leaves no event. */
async function wasRefused(lookups: CheckContext['lookups']): Promise<boolean> {
  try {
    await lookups.testSignIn();
    return false;
  } catch (error) {
    const known = findSignInError(error);
    if (known === undefined) return false;
    const unfinished = unfinishedSignIn(known);
    // AWS records a refusal on its own page, but not one on Okta's.
    if (unfinished !== undefined) return unfinished.reason === 'serviceErrorPage';
    return !unseenGroups.includes(errorEffects[known.kind].group);
  }
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

const compareInOkta = (l10n: Translator) =>
  l10n.t('Compare the ACS URL, the issuer URL, the certificate, and the person’s username on both sides.');
/** Our sentence, followed by AWS's message if there is one. */
const withMessage = (l10n: Translator, sentence: string, result: CheckResult): string => {
  const words = fact(result, 'words');
  return words === '' ? sentence : joinSentences(sentence, l10n.t('AWS said: {0}', words));
};

/** Checks of the SAML sign-ins that AWS recorded. */
export const awsApiAssertionChecks = [
  defineCheck({
    id: 'awsApi.assertion',
    steps: ['identityCenter.signIn'],
    owner: 'oktaAdministrator',
    page: 'oktaApplications',
    needs: ['accessPortal', 'awsProfile', 'userName'],
    unlessFailed: [...placeChecks, 'scim.person', 'awsApi.person'],
    despite: despitePlace,
    waitsForPerson: true,
    run: checkAssertion,
    texts: (l10n) => ({
      title: l10n.t('Username in the SAML sign-in'),
      path: l10n.t(
        'Okta Admin Console > Applications > Applications > your IAM Identity Center application > Sign On > Credentials Details > Application username format',
      ),
      results: {
        ...awsApiResults(l10n),
        notInHistory: notInHistory(l10n),
        assertionRefused: (result) => ({
          found: withMessage(l10n, l10n.t('IAM Identity Center refused Okta’s SAML response.'), result),
          next: compareInOkta(l10n),
        }),
        lastAssertionRefused: (result) => ({
          found: withMessage(
            l10n,
            l10n.t('IAM Identity Center refused the last SAML response after accepting earlier ones.'),
            result,
          ),
          next: compareInOkta(l10n),
        }),
        eventPending: {
          found: l10n.t('The test sign-in failed, and CloudTrail doesn’t show it yet.'),
          next: l10n.t('Fix the test sign-in first, or run this check again in a few minutes.'),
        },
        personNotInHistory: (result) => ({
          found: l10n.t(
            'CloudTrail shows no SAML sign-in by {0} among the newest sign-ins.',
            fact(result, 'directoryName'),
          ),
          next: l10n.t('Ask the person to sign in, and run this check again in a few minutes.'),
        }),
        nameNotShown: {
          found: l10n.t('AWS didn’t record the name in the SAML response.'),
          next: l10n.t('Compare the application username in Okta with the username in IAM Identity Center.'),
        },
        nameIdDiffers: nameIdDiffers(l10n),
      },
      evidence: {
        ...awsApiEvidence(l10n),
        nameId: l10n.t('Name in the SAML response (NameID)'),
        directoryName: l10n.t('Username in IAM Identity Center'),
        signedInAt: l10n.t('Last sign-in through the external provider'),
        refusedAt: l10n.t('Refused'),
      },
    }),
  }),
];
