import { defineCheck } from '../check.ts';
import type { CheckContext } from '../check.ts';
import { fact, fail, inconclusive, pass, warn } from '../checkResult.ts';
import type { CheckResult } from '../checkResult.ts';
import type { Translator } from '../translator.ts';
import { nameIdDiffers } from '../nameIdDiffers.ts';
import { personIn, searchUsers } from '../scimRequests.ts';
import { encrypted, responseIn } from './samlResponse.ts';

const formats = 'urn:oasis:names:tc:SAML:1.1:nameid-format:';

/** An `addr-spec` without quotes or comments (RFC 2822, 3.4.1), which IAM Identity Center requires. */
const addressForm = /^(?!\.)(?!.*\.[.@])[\w.!#$%&'*+/=?^`{|}~-]+@[\da-z](?:[\da-z.-]*[\da-z])?$/i;

/**
 * Verifies that the NameID is an email address, as IAM Identity Center requires for its format (user guide,
 * *SCIM profile and SAML 2.0 implementation*), and the provisioned user name of the person. Another name fails
 * only if SCIM has no one with it: the response may be someone else's.
 */
export async function checkResponseName({ ports, inputs, lookups, signal }: CheckContext) {
  const { nameId = '', nameIdFormat: named = '', ...said } = await responseIn(lookups);
  const nameIdFormat = named === '' ? `${formats}unspecified` : named;
  const directoryName = inputs.userName?.trim() ?? '';
  const evidence = { nameId, nameIdFormat, directoryName };
  if (nameId === '' && said.isNameEncrypted) return inconclusive('encrypted', evidence);
  if (nameId === '') return fail('noNameId', evidence);
  const isUnspecified = nameIdFormat === `${formats}unspecified`;
  if (!isUnspecified && nameIdFormat !== `${formats}emailAddress`) return fail('nameIdFormat', evidence);
  if (!addressForm.test(nameId)) return fail('nameIdNotEmail', evidence);
  if (nameId.toLowerCase() === directoryName.toLowerCase())
    return isUnspecified ? warn('nameIdUnspecified', evidence) : pass(evidence);
  if ((inputs.scimToken ?? '') === '' || (inputs.scimEndpoint ?? '') === '')
    return inconclusive('otherPerson', evidence);
  const other = { ...inputs, userName: nameId };
  const found = personIn(await searchUsers(ports.http, other, signal), other);
  if (!('value' in found)) return inconclusive('blocked', { ...evidence, blockedBy: ['scim.read'] });
  return found.value === undefined ? fail('nameIdDiffers', evidence) : inconclusive('otherPerson', evidence);
}

const wrongFormat = (l10n: Translator) => (result: CheckResult) => ({
  found: l10n.t('The NameID has the format {0}. AWS requires emailAddress.', fact(result, 'nameIdFormat')),
  next: l10n.t('Set the application username format to Email, and save.'),
});

/** Checks of the person in the pasted SAML response. */
export const samlResponsePersonChecks = [
  defineCheck({
    id: 'saml.responseName',
    steps: ['identityCenter.signIn'],
    owner: 'oktaAdministrator',
    page: 'oktaApplications',
    needs: ['samlResponse', 'userName'],
    after: ['saml.response'],
    unlessFailed: ['scim.person', 'awsApi.person'],
    despite: { 'scim.person': ['personInactive'], 'awsApi.person': ['personInactive'] },
    run: checkResponseName,
    texts: (l10n) => ({
      title: l10n.t('NameID in the SAML response'),
      path: l10n.t(
        'Okta Admin Console > Applications > Applications > your IAM Identity Center application > Sign On > Credentials Details > Application username format',
      ),
      results: {
        encrypted: encrypted(l10n),
        noNameId: {
          found: l10n.t('The SAML response has no {0}.', 'NameID'),
          next: l10n.t('Set the application username format to Email, and save.'),
        },
        nameIdUnspecified: wrongFormat(l10n),
        nameIdFormat: wrongFormat(l10n),
        nameIdNotEmail: (result) => ({
          found: l10n.t('The NameID {0} isn’t an email address.', fact(result, 'nameId')),
          next: l10n.t('Set the application username format to Email, and save.'),
        }),
        otherPerson: (result) => ({
          found: l10n.t('The SAML response is of {0}, not of the person to look up.', fact(result, 'nameId')),
          next: l10n.t('Enter that person, or paste a response of the person to look up.'),
        }),
        nameIdDiffers: nameIdDiffers(l10n),
      },
      evidence: {
        nameId: l10n.t('Name in the SAML response (NameID)'),
        nameIdFormat: l10n.t('NameID format'),
        directoryName: l10n.t('Username in IAM Identity Center'),
      },
    }),
  }),
];
