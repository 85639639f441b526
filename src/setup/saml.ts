import { findSignInError } from '../core/oauth/errors.ts';
import { isLoopbackUrl } from '../core/text/webAddress.ts';
import { isFinding, readAddress, regionProblem } from './addresses.ts';
import type { CheckContext } from './check.ts';
import type { SamlCertificate } from './setupPorts.ts';
import type { Facts } from './facts.ts';
import { fail, inconclusive, pass, warn } from './checkResult.ts';
import type { CheckResult } from './checkResult.ts';

/** How long before its end a certificate or token is warned of. */
export const noticeMilliseconds = 30 * 24 * 3600 * 1000;

/** The bindings by which Identity Center sends a person to its identity provider (SAML 2.0 Bindings, 3.4 and 3.5). */
const bindings = ['HTTP-POST', 'HTTP-Redirect'].map((name) => `urn:oasis:names:tc:SAML:2.0:bindings:${name}`);

/** The saved file is an identity provider's metadata, and names it. */
export async function checkSamlMetadata({ ports, facts }: CheckContext): Promise<CheckResult> {
  try {
    const { entityId, isIdentityProvider, validUntil } = await facts.saml();
    if (!isIdentityProvider) return fail('notIdentityProvider', { entityId });
    if (entityId === undefined) return fail('noEntityId');
    const hasEnded = validUntil !== undefined && validUntil <= ports.clock.now();
    return hasEnded ? warn('metadataExpired', { entityId, metadataEndsAt: validUntil }) : pass({ entityId });
  } catch (error) {
    const known = findSignInError(error);
    if (known?.kind !== 'invalidInput') throw error;
    return fail('notMetadata', { code: known.details.reason });
  }
}

/** There is a sign-on URL over https, with a binding that Identity Center uses. */
export async function checkSignOn({ facts }: CheckContext): Promise<CheckResult> {
  const { signOn } = await facts.saml();
  if (signOn.length === 0) return fail('noSignOnUrl');
  const evidence = {
    address: signOn.map(({ url }) => url),
    binding: signOn.map(({ binding }) => binding.slice(binding.lastIndexOf(':') + 1)),
  };
  const usable = signOn.filter(({ binding }) => bindings.includes(binding));
  if (usable.length === 0) return fail('signOnBinding', evidence);
  const isSafe = usable.every(({ url }) => {
    const parsed = URL.parse(url);
    return parsed !== null && (parsed.protocol === 'https:' || isLoopbackUrl(parsed));
  });
  return isSafe ? pass(evidence) : fail('signOnNotHttps', evidence);
}

/**
 * There is a signing certificate that is valid now and for the next month. During a change of keys the metadata has the
 * current and the next one, or the last one still: one that is valid now is enough, and the others are notes.
 */
export async function checkCertificates({ ports, facts }: CheckContext): Promise<CheckResult> {
  const { certificates } = await facts.saml();
  if (certificates.length === 0) return fail('noCertificate');
  const now = ports.clock.now();
  const read = certificates
    .filter((one): one is ReadCertificate => one.state === 'read')
    .toSorted((a, b) => b.endsAt - a.endsAt);
  const current = read.find(({ startsAt, endsAt }) => startsAt <= now && endsAt > now);
  const expired = read.find(({ endsAt }) => endsAt <= now);
  const next = read.filter(({ startsAt }) => startsAt > now).toSorted((a, b) => a.startsAt - b.startsAt)[0];
  const judged = current ?? expired ?? next;
  if (judged === undefined) return fail('certificateUnreadable');
  const evidence = {
    certificateStartsAt: judged.startsAt,
    certificateEndsAt: judged.endsAt,
    fingerprint: judged.fingerprint,
    nextCertificateStartsAt: judged === next ? undefined : next?.startsAt,
    expiredCertificateEndedAt: judged === expired ? undefined : expired?.endsAt,
  };
  if (judged === expired) return fail('certificateExpired', evidence);
  if (judged === next) return fail('certificateNotYet', evidence);
  const isFollowed = next !== undefined && next.startsAt <= judged.endsAt;
  const isSoon = judged.endsAt - now < noticeMilliseconds && !isFollowed;
  return isSoon ? warn('certificateEndsSoon', evidence) : pass(evidence);
}

type ReadCertificate = SamlCertificate & { readonly state: 'read' };

/** The ACS URL has the form and the region of this Identity Center's. */
export async function checkAcsUrl({ inputs, facts }: CheckContext): Promise<CheckResult> {
  return checkSamlAddress(facts, inputs.acsUrl ?? '', /\/saml\/acs\/[\w-]+$/, 'notAcsUrl');
}

/** The issuer URL has the form and the region of this Identity Center's. */
export async function checkSamlIssuer({ inputs, facts }: CheckContext): Promise<CheckResult> {
  return checkSamlAddress(facts, inputs.samlIssuerUrl ?? '', /\/saml\/(?!acs\/)[\w-]+$/, 'notSamlIssuer');
}

async function checkSamlAddress(
  facts: Facts,
  given: string,
  path: RegExp,
  reason: 'notAcsUrl' | 'notSamlIssuer',
): Promise<CheckResult> {
  const address = readAddress(given);
  if (isFinding(address)) return address;
  const { url, region } = address;
  const evidence = { address: url.href, region };
  if (!path.test(url.pathname)) return fail(reason, evidence);
  const problem = regionProblem(address, await facts.region());
  if (problem !== undefined) return problem;
  return region === undefined ? inconclusive('unknownForm', evidence) : pass(evidence);
}
