import { l10n } from 'vscode';
import type { CheckId } from '../../setup/check.ts';
import type { CommonReason, CheckResult, FindingReason } from '../../setup/checkResult.ts';
import type { InputName } from '../../setup/setupPorts.ts';
import { errorWords } from '../errorMessages.ts';
import { inputTitle } from './setupFields.ts';
import { fact } from './setupFact.ts';
import { awsReasons } from './setupFindingsAws.ts';
import { oktaReasons } from './setupFindingsOkta.ts';
import type { FindingWords, ReasonWords } from './setupFact.ts';
import { checkTitle } from './setupTitles.ts';

/** The words of a finding. */
export function findingWords(finding: CheckResult): FindingWords {
  const { reason } = finding;
  if (reason === undefined) return { found: l10n.t('As it should be.') };
  return reasons[reason](finding);
}

const commonReasons: ReasonWords<CommonReason> = {
  byEye: () => ({
    found: l10n.t('This cannot be seen from here.'),
    next: l10n.t('Look at it in the console, and tick it here when it is so.'),
  }),
  notGiven: (finding) => {
    const missing = finding.evidence.find(({ name }) => name === 'missingInput')?.value;
    const names = (Array.isArray(missing) ? missing : []) as readonly InputName[];
    return {
      found: l10n.t('Not checked: not given ({0}).', names.map(inputTitle).join(', ')),
      next: l10n.t('Run the check again and give what is missing.'),
    };
  },
  blocked: (finding) => {
    const blockedBy = finding.evidence.find(({ name }) => name === 'blockedBy')?.value;
    const ids = (Array.isArray(blockedBy) ? blockedBy : []) as readonly CheckId[];
    return {
      found: l10n.t('Not checked: it depends on “{0}”.', ids.map(checkTitle).join('”, “')),
      next: l10n.t('See to that first; this is then checked with it.'),
    };
  },
  couldNotAsk: (finding) => {
    if (finding.error === undefined)
      return { found: l10n.t('The server could not be asked.'), next: l10n.t('Run this check again.') };
    const { title, cause, next } = errorWords(finding.error);
    return { found: `${title} ${cause}`, next };
  },
  tookTooLong: () => ({
    found: l10n.t('There was no answer in time.'),
    next: l10n.t('Run this check again.'),
  }),
  unclearAnswer: () => ({
    found: l10n.t('The answer tells neither right nor wrong.'),
    next: l10n.t('The evidence has what was answered; show it to your administrator.'),
  }),
  notSignedIn: () => ({
    found: l10n.t('There was no test sign-in.'),
    next: l10n.t('Run this check again and sign in in the browser.'),
  }),
  signInFailed: (finding) => {
    if (finding.error === undefined)
      return { found: l10n.t('The test sign-in failed.'), next: l10n.t('Run this check again.') };
    const { title, cause, next } = errorWords(finding.error);
    return { found: `${title} ${cause}`, next };
  },
  notAddress: () => ({ found: l10n.t('This is no address.'), next: l10n.t('Copy it from the console.') }),
  notHttps: () => ({
    found: l10n.t('The address is not https.'),
    next: l10n.t('Copy it from the console, with https:// at its beginning.'),
  }),
  unknownForm: () => ({
    found: l10n.t('The address names no region, so it cannot be compared.'),
    next: l10n.t('Compare it with the console by eye.'),
  }),
  regionDiffers: (finding) => ({
    found: l10n.t(
      'The address is of the region {0}, the Identity Center’s is given as {1}.',
      fact(finding, 'portalRegion'),
      fact(finding, 'region'),
    ),
    next: l10n.t(
      'Copy the address again, in the console of the region where IAM Identity Center is enabled.',
    ),
  }),
  partitionDiffers: (finding) => ({
    found: l10n.t(
      'The address and the region {0} belong to different partitions of AWS.',
      fact(finding, 'region'),
    ),
    next: l10n.t(
      'Compare both with the console: China, GovCloud and the sovereign cloud have addresses of their own.',
    ),
  }),
  serviceRefusedToken: () => ({
    found: l10n.t('The service does not accept the token (HTTP 401).'),
    next: l10n.t('Compare issuer and client id in the profile of the service with those of this check.'),
  }),
  serviceForbids: () => ({
    found: l10n.t('The service knows the token, but does not allow it (HTTP 403).'),
    next: l10n.t('Check that the person is provisioned and subscribed, and the scopes.'),
  }),
  serviceAnswered: (finding) => ({
    found: l10n.t('The service answered with HTTP {0}.', fact(finding, 'status')),
    next: l10n.t('Compare the address with the documentation of the service.'),
  }),
};

/** The one table that has words for every reason. */
export const reasons: ReasonWords<FindingReason> = { ...commonReasons, ...oktaReasons, ...awsReasons };
