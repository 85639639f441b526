import { errorEffects, findSignInError } from '../core/oauth/errors.ts';
import type { SignInError } from '../core/oauth/errors.ts';
import { endpointsOf } from '../core/identityCenter/endpoints.ts';
import { partitionOf, regionIn } from '../core/identityCenter/regions.ts';
import { normalStartUrl, parseStartUrl } from '../core/identityCenter/startUrl.ts';
import type { StartUrl } from '../core/identityCenter/startUrl.ts';
import { resolveStartUrl } from '../core/identityCenter/customStartUrl.ts';
import { safeText } from '../core/text/safeText.ts';
import type { CheckContext } from './check.ts';
import { fail, inconclusive, pass } from './checkResult.ts';
import type { CheckResult } from './checkResult.ts';

/** The start URL is one, and its partition and region belong to the region that is given. */
export async function checkStartUrl({ ports, inputs, signal }: CheckContext): Promise<CheckResult> {
  const { startUrl: given = '', region: typed = '' } = inputs.identityCenter ?? {};
  const region = regionIn(typed);
  if (region === undefined) return fail('notRegion', { given: safeText(typed) });
  let startUrl: StartUrl;
  try {
    startUrl = await resolveStartUrl(ports.http, parseStartUrl(given, region), signal);
  } catch (error) {
    if (findSignInError(error)?.kind !== 'invalidInput') throw error;
    return fail('notStartUrl', { given: safeText(given) });
  }
  const { partition, region: named } = startUrl;
  const evidence = { address: startUrl.url, region, partition };
  if (named !== undefined && named !== region)
    return fail('regionDiffers', { ...evidence, portalRegion: named });
  return partition === partitionOf(region) ? pass(evidence) : fail('partitionDiffers', evidence);
}

/** A registration and a device authorization succeed in this region; the code expires by itself, unused. */
export async function checkDeviceAuthorization({ ports, inputs, facts }: CheckContext): Promise<CheckResult> {
  const { region = '', startUrl = '' } = inputs.identityCenter ?? {};
  const { oidc } = endpointsOf(region, ports.endpoints, normalStartUrl(startUrl));
  const evidence = { host: new URL(oidc).host, region };
  try {
    await facts.deviceAuthorization();
    return pass(evidence);
  } catch (error) {
    const known = findSignInError(error);
    if (known === undefined || known.kind === 'cancelled' || isUnseen(known)) throw error;
    const { reason: why = '', description: words, region: actual } = known.details;
    if (why.startsWith('KMS_')) return { ...fail('encryptionKey', { ...evidence, words }), error: known };
    if (known.kind === 'invalidStartUrl' && actual !== undefined)
      return { ...fail('regionDiffers', { ...evidence, portalRegion: actual }), error: known };
    const reason = known.kind === 'invalidStartUrl' ? 'invalidStartUrl' : 'registrationRefused';
    return { ...fail(reason, { ...evidence, words: known.details.description }), error: known };
  }
}

/** The access portal of the region answers, and it is AWS that does. */
export async function checkPortal({ ports, inputs, signal }: CheckContext): Promise<CheckResult> {
  const { region = '', startUrl = '' } = inputs.identityCenter ?? {};
  const { portal } = endpointsOf(region, ports.endpoints, normalStartUrl(startUrl));
  const response = await ports.http(`${portal}/assignment/accounts`, {
    method: 'GET',
    headers: { accept: 'application/json' },
    signal,
  });
  const { status, headers } = response;
  const evidence = { host: new URL(portal).host, status };
  const isAws = [...headers.keys()].some((name) => name.startsWith('x-amzn-'));
  return isAws ? pass(evidence) : fail('notPortal', evidence);
}

/** The test sign-in brings tokens: the way through the identity provider and back works for this person. */
export async function checkIdentityCenterSignIn({ facts }: CheckContext): Promise<CheckResult> {
  try {
    const { accountLabel } = await facts.testSignIn();
    return pass({ account: accountLabel });
  } catch (error) {
    const known = findSignInError(error);
    if (known === undefined) throw error;
    if (known.kind === 'cancelled') return inconclusive('notSignedIn');
    if (known.kind === 'codeExpired' || isUnseen(known)) return inconclusive('couldNotAsk', {}, known);
    const reason = known.kind === 'denied' ? 'signInDenied' : 'signInFailed';
    return { ...fail(reason, { words: known.details.description }), error: known };
  }
}

/** Whether it failed for something on the way, or on this machine, which tells nothing about the set-up. */
function isUnseen({ kind }: SignInError): boolean {
  return ['transient', 'environment', 'local'].includes(errorEffects[kind].group);
}
