import { SignInError } from '../../core/oauth/errors.ts';
import { defineCheck } from '../check.ts';
import type { CheckContext } from '../check.ts';
import { fact, fail, inconclusive, pass } from '../checkResult.ts';
import type { CheckResult } from '../checkResult.ts';
import { dateText } from '../dateText.ts';
import type { Lookups } from '../lookups.ts';
import type { SamlResponse } from '../samlResponse.ts';
import type { Translator } from '../translator.ts';
import { joinSentences } from '../../output/joinSentences.ts';

/** The age at which a response may be from before a change of the setup, in milliseconds. */
const oldMilliseconds = 24 * 3600_000;

/**
 * Verifies that the pasted text is the response of one successful sign-in, with a readable assertion. An old one
 * neither proves nor refutes the current settings.
 */
export async function checkSamlResponse({ ports, lookups }: CheckContext) {
  const file = await lookups.samlResponse();
  if ('problem' in file) {
    const { problem, line, column, root } = file;
    const place =
      line === undefined ? undefined : [line, column].filter((one) => one !== undefined).join(':');
    return inconclusive(problem, { place, root });
  }
  const { isWhole, statusCodes, statusMessage, assertionCount, isEncrypted } = file.response;
  const evidence = { statusCodes, words: statusMessage };
  // A response always has a status (SAML 2.0 Core, 3.2.2): one without it was cut or edited.
  if (isWhole && statusCodes.length === 0) return inconclusive('notResponse', evidence);
  if (statusCodes.length > 0 && statusCodes[0] !== 'Success')
    return fail(statusCodes.includes('InvalidNameIDPolicy') ? 'nameIdRefused' : 'statusFailed', evidence);
  if (assertionCount > 1) return inconclusive('severalAssertions', evidence);
  const { issuedAt } = file.response;
  if (issuedAt !== undefined && ports.clock.now() - issuedAt > oldMilliseconds)
    return inconclusive('responseOld', { ...evidence, issuedAt });
  if (assertionCount === 1) return pass(evidence);
  return isEncrypted ? inconclusive('encrypted', evidence) : fail('noAssertion', evidence);
}

/** The parsed SAML response. @throws SignInError `invalidInput` if the text is not one */
export async function responseIn(lookups: Lookups): Promise<SamlResponse> {
  const file = await lookups.samlResponse();
  if ('problem' in file) throw new SignInError('invalidInput', { operation: 'samlResponse' });
  return file.response;
}

/** The console path of the application that sends the response. */
export const signOnTab = (l10n: Translator) =>
  l10n.t('Okta Admin Console > Applications > Applications > your IAM Identity Center application > Sign On');

/** Instructions for copying a response. */
export const pasteAgain = (l10n: Translator) =>
  l10n.t(
    'In the browser’s developer tools, open Network, sign in, and copy SAMLResponse from the request to AWS.',
  );

/**
 * Texts for an encrypted assertion. AWS documents that IAM Identity Center supports none (user guide, *Using SAML and
 * SCIM identity federation with external identity providers*), but it has not been seen to refuse one.
 */
export const encrypted = (l10n: Translator) => ({
  found: l10n.t(
    'The assertion is encrypted, so it can’t be compared. IAM Identity Center doesn’t support that.',
  ),
  next: l10n.t(
    'Turn off assertion encryption in the identity provider, and paste the response of a new sign-in.',
  ),
});

const notResponse = (l10n: Translator) => ({
  found: l10n.t('What you pasted isn’t a SAML response.'),
  next: pasteAgain(l10n),
});

const refusal = (l10n: Translator, result: CheckResult): string => {
  const sentence = l10n.t('The identity provider refused the sign-in ({0}).', fact(result, 'statusCodes'));
  const words = fact(result, 'words');
  return words === '' ? sentence : joinSentences(sentence, l10n.t('It said: {0}', words));
};

/** Checks of the pasted SAML response. */
export const samlResponseChecks = [
  defineCheck({
    id: 'saml.response',
    steps: ['identityCenter.signIn'],
    owner: 'oktaAdministrator',
    page: 'oktaApplications',
    needs: ['samlResponse'],
    run: checkSamlResponse,
    texts: (l10n) => ({
      title: l10n.t('SAML response of a sign-in'),
      path: signOnTab(l10n),
      results: {
        tooLarge: notResponse(l10n),
        notResponse: notResponse(l10n),
        severalDocuments: notResponse(l10n),
        samlRequest: {
          found: l10n.t(
            'What you pasted is the SAML request from AWS, not the identity provider’s response.',
          ),
          next: pasteAgain(l10n),
        },
        samlMetadata: notResponse(l10n),
        documentType: notResponse(l10n),
        notWellFormed: {
          found: l10n.t('The SAML response isn’t well-formed XML.'),
          next: pasteAgain(l10n),
        },
        severalAssertions: {
          found: l10n.t('The SAML response has more than one assertion, so it isn’t compared.'),
          next: pasteAgain(l10n),
        },
        responseOld: (result) => ({
          found: l10n.t(
            'The SAML response is from {0}. The settings may have changed since.',
            dateText(l10n, result, 'issuedAt'),
          ),
          next: pasteAgain(l10n),
        }),
        encrypted: encrypted(l10n),
        noAssertion: {
          found: l10n.t('The SAML response has no {0}.', 'Assertion'),
          next: l10n.t(
            'Look for this sign-in in the identity provider’s log. In Okta, it’s under Reports > System Log.',
          ),
        },
        statusFailed: (result) => ({
          found: refusal(l10n, result),
          next: l10n.t(
            'Look for this sign-in in the identity provider’s log. In Okta, it’s under Reports > System Log.',
          ),
        }),
        nameIdRefused: (result) => ({
          found: refusal(l10n, result),
          next: l10n.t('Set the application username format to Email, and save.'),
        }),
      },
      evidence: {
        statusCodes: 'StatusCode',
        issuedAt: 'IssueInstant',
        place: l10n.t('Line and column'),
        root: l10n.t('Root element'),
      },
    }),
  }),
];
