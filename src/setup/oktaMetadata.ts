import * as v from 'valibot';
import { findSignInError } from '../core/oauth/errors.ts';
import { checkMetadata, isSameIssuer } from '../core/oidc/discovery.ts';
import { parseIssuer } from '../core/oidc/issuer.ts';
import { safeText } from '../core/text/safeText.ts';
import type { CheckContext } from './check.ts';
import { fail, inconclusive, pass } from './checkResult.ts';
import type { CheckResult, FindingReason } from './checkResult.ts';

/** The metadata is there under both addresses, and is this issuer's. */
export async function checkMetadataReachable({ inputs, facts }: CheckContext): Promise<CheckResult> {
  const given = inputs.okta?.issuer ?? '';
  let issuer: string;
  try {
    issuer = parseIssuer(given);
  } catch {
    return fail('notIssuer', { given: safeText(given) });
  }
  const answers = await facts.metadata();
  const failed = answers.find(({ error }) => error !== undefined);
  if (failed !== undefined) return inconclusive('couldNotAsk', { address: failed.address }, failed.error);
  const missing = answers.filter(({ document }) => document === undefined);
  if (missing.length > 0) {
    const status = missing[0]?.status;
    return fail('noMetadata', { address: missing.map(({ address }) => address), status });
  }
  const other = answers.find(({ document }) => !isSameIssuer(document?.issuer ?? '', issuer))?.document;
  if (other !== undefined) return fail('issuerDiffers', { issuer, namedIssuer: other.issuer.slice(0, 300) });
  return pass({ issuer, address: answers.map(({ address }) => address) });
}

const grantsSchema = v.object({ grant_types_supported: v.array(v.string()) });
const mismatches: Readonly<Partial<Record<string, FindingReason>>> = {
  noS256: 'noS256',
  foreignEndpoint: 'foreignEndpoint',
  noEndpoint: 'endpointMissing',
};

/** PKCE with S256, code and refresh grants, and endpoints that are the organisation's own are announced. */
export async function checkAnnounced({ ports, inputs, facts }: CheckContext): Promise<CheckResult> {
  const document = (await facts.metadata()).map((answer) => answer.document).find((one) => one !== undefined);
  if (document === undefined) return inconclusive('unclearAnswer');
  try {
    await checkMetadata(parseIssuer(inputs.okta?.issuer ?? ''), document, ports.isSameOrganization);
  } catch (error) {
    const known = findSignInError(error);
    const reason = mismatches[known?.details.reason ?? ''];
    if (reason === undefined) throw error;
    return fail(reason, { host: known?.details.host });
  }
  // RFC 8414, 2: who names none means these two.
  const parsed = v.safeParse(grantsSchema, document);
  const grants = parsed.success ? parsed.output.grant_types_supported : ['authorization_code', 'implicit'];
  const missing = ['authorization_code', 'refresh_token'].filter((grant) => !grants.includes(grant));
  return missing.length === 0 ? pass({ grants }) : fail('grantsNotAnnounced', { grants, missing });
}
