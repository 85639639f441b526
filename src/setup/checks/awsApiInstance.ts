import * as v from 'valibot';
import { awsApiEvidence, awsApiResults } from '../awsApi.ts';
import type { AwsResult } from '../awsApi.ts';
import type { AwsInstance } from '../awsLookups.ts';
import { readAddress } from '../addresses.ts';
import { defineCheck } from '../check.ts';
import type { CheckContext } from '../check.ts';
import { fact, fail, inconclusive, isResult, pass } from '../checkResult.ts';
import { startUrlDirectory } from '../directory.ts';
import { despitePlace, regionCheck } from './awsApiPlace.ts';

const text = v.optional(v.nullable(v.string()));

/**
 * Verifies that the IAM Identity Center instance exists and is active, with the start URL's directory, and the
 * ACS URL in one of its Regions. Proves nothing if the profile cannot see it.
 */
async function checkInstance({ inputs, lookups }: CheckContext) {
  const answer = await lookups.aws.instance();
  if ('refusal' in answer) return answer.refusal;
  const { value: instance } = answer;
  if (instance === undefined) {
    // In a Region that is not this Identity Center's, AWS lists no instance.
    if ((await lookups.region()) === undefined) return inconclusive('blocked', { blockedBy: [regionCheck] });
    return inconclusive('instanceNotSeen', { directory: startUrlDirectory(inputs) });
  }
  const regions = await regionsOf(instance, lookups.aws);
  const evidence = {
    instance: instance.InstanceArn,
    directory: instance.IdentityStoreId ?? undefined,
    instanceStatus: instance.Status ?? undefined,
    regions: 'refusal' in regions ? [] : regions.value,
  };
  if (instance.Status != null && instance.Status !== 'ACTIVE') return fail('instanceNotActive', evidence);
  const address = readAddress(inputs.acsUrl ?? '');
  const region = isResult(address) ? undefined : address.region;
  if (region === undefined) return pass(evidence);
  // The instance is in the Region that lists it.
  if ('refusal' in regions) return region === (await lookups.region()) ? pass(evidence) : regions.refusal;
  return regions.value.includes(region)
    ? pass(evidence)
    : fail('acsRegionNotEnabled', { ...evidence, portalRegion: region });
}

/** The Regions in which the instance is enabled. */
async function regionsOf(
  { InstanceArn, Regions }: AwsInstance,
  aws: CheckContext['lookups']['aws'],
): Promise<AwsResult<readonly string[]>> {
  const schema = v.object({ RegionName: text });
  const told = Regions ?? [];
  const answer =
    told.length > 0 ? { value: told } : await aws.list('sso:ListRegions', { InstanceArn }, 'Regions', schema);
  if ('refusal' in answer) return answer;
  const value = answer.value.flatMap(({ RegionName: name }) => name ?? []);
  return value.length > 0 ? { value } : { refusal: inconclusive('unclearAnswer', { unexpected: 'Regions' }) };
}

/** Checks of the IAM Identity Center instance, through AWS's API. */
export const awsApiInstanceChecks = [
  defineCheck({
    id: 'awsApi.instance',
    steps: ['identityCenter.identitySource'],
    owner: 'awsAdministrator',
    page: 'awsConsole',
    needs: ['accessPortal', 'awsProfile'],
    unlessFailed: ['identityCenter.startUrl'],
    despite: despitePlace,
    run: checkInstance,
    texts: (l10n) => ({
      title: l10n.t('Instance in AWS'),
      path: l10n.t('AWS console > IAM Identity Center > Settings'),
      results: {
        ...awsApiResults(l10n),
        instanceNotActive: (result) => ({
          found: l10n.t('IAM Identity Center has the status {0}.', fact(result, 'instanceStatus')),
          next: l10n.t('Wait until it’s active, or enable it again.'),
        }),
        acsRegionNotEnabled: (result) => ({
          found: l10n.t(
            'The ACS URL is in {0}, where IAM Identity Center isn’t enabled.',
            fact(result, 'portalRegion'),
          ),
          next: l10n.t('Copy the ACS URL again from the IAM Identity Center console.'),
        }),
      },
      evidence: {
        ...awsApiEvidence(l10n),
        instance: l10n.t('Instance'),
        directory: l10n.t('Directory'),
        instanceStatus: l10n.t('Status'),
        regions: l10n.t('Enabled Regions'),
      },
    }),
  }),
];
