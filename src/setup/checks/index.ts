import type { CheckRow, CheckTexts, ReasonIn } from '../check.ts';
import type { Translator } from '../translator.ts';
import { awsApiAssertionChecks } from './awsApiAssertion.ts';
import { awsApiDirectoryChecks } from './awsApiDirectory.ts';
import { awsApiHistoryChecks } from './awsApiHistory.ts';
import { awsApiInstanceChecks } from './awsApiInstance.ts';
import { awsApiMemberChecks } from './awsApiMembers.ts';
import { awsApiApplicationChecks } from './awsApiApplication.ts';
import { domainChecks } from './domain.ts';
import { kiroChecks } from './kiro.ts';
import { identityCenterChecks } from './identityCenter.ts';
import { oktaApiApplicationChecks } from './oktaApiApplication.ts';
import { oktaApiIdentityCenterChecks } from './oktaApiIdentityCenter.ts';
import { oktaApiGroupChecks } from './oktaApiGroup.ts';
import { oktaApiLogChecks } from './oktaApiLog.ts';
import { oktaApiPersonChecks } from './oktaApiPerson.ts';
import { oktaApiServerChecks } from './oktaApiServer.ts';
import { oktaApiScimChecks } from './oktaApiScim.ts';
import { oktaApplicationChecks } from './oktaApplication.ts';
import { oktaPolicyChecks } from './oktaPolicy.ts';
import { oktaServerChecks } from './oktaServer.ts';
import { oktaSignInChecks } from './oktaSignIn.ts';
import { openIdApplicationChecks } from './openIdApplication.ts';
import { openIdAuthorizationChecks } from './openIdAuthorization.ts';
import { openIdProviderChecks } from './openIdProvider.ts';
import { openIdSignInChecks } from './openIdSignIn.ts';
import { samlAddressChecks } from './samlAddresses.ts';
import { samlCertificateChecks } from './samlCertificates.ts';
import { samlMetadataChecks } from './samlMetadata.ts';
import { samlPublishedChecks } from './samlPublished.ts';
import { samlResponseChecks } from './samlResponse.ts';
import { samlResponseAddressChecks } from './samlResponseAddresses.ts';
import { samlResponseContentChecks } from './samlResponseContent.ts';
import { samlResponsePersonChecks } from './samlResponsePerson.ts';
import { scimEndpointChecks } from './scimEndpoint.ts';
import { scimPeopleChecks } from './scimPeople.ts';
import { serviceChecks } from './service.ts';
import { passes, valuesOf } from '../checkResult.ts';
import type { CheckResult, CommonReason } from '../checkResult.ts';
import { steps } from '../setupGuides.ts';
import type { SetupGuideId, StepId } from '../setupGuides.ts';

/** All checks, in display order within a step. */
const rows = [
  ...oktaServerChecks,
  ...oktaApplicationChecks,
  ...oktaPolicyChecks,
  ...oktaSignInChecks,
  ...oktaApiApplicationChecks,
  ...oktaApiServerChecks,
  ...oktaApiIdentityCenterChecks,
  ...oktaApiScimChecks,
  ...oktaApiLogChecks,
  ...oktaApiGroupChecks,
  ...oktaApiPersonChecks,
  ...samlMetadataChecks,
  ...samlCertificateChecks,
  ...samlPublishedChecks,
  ...samlAddressChecks,
  ...identityCenterChecks,
  ...awsApiInstanceChecks,
  ...awsApiHistoryChecks,
  ...awsApiDirectoryChecks,
  ...awsApiMemberChecks,
  ...awsApiApplicationChecks,
  ...awsApiAssertionChecks,
  ...samlResponseChecks,
  ...samlResponseAddressChecks,
  ...samlResponsePersonChecks,
  ...samlResponseContentChecks,
  ...scimEndpointChecks,
  ...scimPeopleChecks,
  ...domainChecks,
  ...serviceChecks,
  ...kiroChecks,
  ...openIdProviderChecks,
  ...openIdApplicationChecks,
  ...openIdAuthorizationChecks,
  ...openIdSignInChecks,
];
type Row = (typeof rows)[number];

/** The ID of a check. */
export type CheckId = Row['id'];

/** All reasons of results. */
export type Reason = CommonReason | ReasonIn<ReturnType<Row['texts']>>;

/** A check within one guide. */
export interface Check extends Omit<CheckRow<CheckId, CheckId>, 'steps' | 'texts'> {
  readonly step: StepId;
  readonly texts: (l10n: Translator) => CheckTexts;
}

/** The checks of each guide, in step order. */
export const checksOf: Readonly<Record<SetupGuideId, readonly Check[]>> = {
  identityCenter: checksIn('identityCenter'),
  kiro: checksIn('kiro'),
  openIdConnect: checksIn('openIdConnect'),
};

function checksIn(guide: SetupGuideId): readonly Check[] {
  const all: readonly CheckRow<CheckId, CheckId>[] = rows;
  const stepIn = ({ steps: places }: CheckRow): StepId | undefined =>
    places.find((step) => steps[guide].includes(step));
  const here = all.filter((row) => stepIn(row) !== undefined);
  const ids = here.map(({ id }) => id);
  return steps[guide].flatMap((step) =>
    here
      .filter((row) => stepIn(row) === step)
      .map(({ after = [], unlessFailed = [], provenBy = [], texts, ...row }) => ({
        ...row,
        step,
        after: after.filter((id) => ids.includes(id)),
        unlessFailed: unlessFailed.filter((id) => ids.includes(id)),
        provenBy: provenBy.filter((id) => ids.includes(id)),
        texts: (l10n: Translator) => texts(l10n, guide),
      })),
  );
}

/** Whether the checks that prove a manual one passed without a warning. */
export function isProven(
  { provenBy = [] }: Check,
  resultOf: (id: CheckId) => CheckResult | undefined,
): boolean {
  return provenBy.length > 0 && provenBy.every((id) => resultOf(id)?.state === 'pass');
}

/**
 * The checks to run when one is repeated: the check, its dependencies that did not pass, and those it blocked;
 * for a test sign-in, also every check that depends on one and did not pass. `results` are those of the
 * previous run.
 */
export function checksToRepeat(
  checks: readonly Check[],
  results: ReadonlyMap<CheckId, CheckResult>,
  id: CheckId,
): readonly Check[] {
  const afterOf = (one: CheckId): readonly CheckId[] => checks.find((check) => check.id === one)?.after ?? [];
  const before = (one: CheckId): CheckId[] => afterOf(one).flatMap((first) => [first, ...before(first)]);
  const repeated = checks.find((check) => check.id === id);
  const signsIn = repeated?.waitsForPerson === true && repeated.needs.includes('testSignIn');
  const needsSignIn = checks.filter(({ needs }) => signsIn && needs.includes('testSignIn'));
  const wanted = new Set([id, ...before(id), ...needsSignIn.map((check) => check.id)]);
  for (const one of wanted) if (one !== id && passes(results.get(one))) wanted.delete(one);
  for (const check of checks) {
    const result = results.get(check.id);
    const blockers = [...before(check.id), ...valuesOf(result, 'blockedBy')];
    const isOpen =
      result?.reason === 'blocked' || (check.beforehand !== undefined && result?.state !== 'pass');
    if (isOpen && blockers.some((one) => wanted.has(one as CheckId))) wanted.add(check.id);
  }
  return checks.filter((check) => wanted.has(check.id));
}
