import { findSignInError, SignInError } from '../core/oauth/errors.ts';
import type { Clock } from '../core/ports.ts';
import type { SsoOidcAt } from '../core/identityCenter/ssoOidc.ts';
import { startDeviceAuthorization } from '../core/identityCenter/deviceAuthorization.ts';
import { deviceCodeGrantType } from '../core/oauth/devicePolling.ts';
import { endpointsOf } from '../core/identityCenter/endpoints.ts';
import type { EndpointTemplates } from '../core/identityCenter/endpoints.ts';
import { requestRegistration } from '../core/identityCenter/registration.ts';
import { defined } from '../core/defined.ts';

/** Number of regions to ask at a time. */
const maxConcurrent = 4;

/** Dependencies of {@link findRegion}. */
export interface FindRegionPorts {
  readonly clock: Clock;
  readonly ssoOidcAt: SsoOidcAt;
  readonly templates: EndpointTemplates;
}

/** The region of a start URL, as far as the regions answered. */
export interface RegionFinding {
  readonly region?: string;
  /** Regions without a clear answer: busy, failing or unreachable. Not a *no*. */
  readonly notKnown: readonly string[];
  /** Set if several regions accepted the start URL. */
  readonly isAmbiguous?: true;
}

/** The start URL to look for, and its progress callback. */
export interface RegionQuestion {
  readonly startUrl: string;
  readonly regions: readonly string[];
  readonly scopes: readonly string[];
  /** Called with each region that answered. */
  readonly onAsked?: (region: string) => void;
}

/** How long the regions that were asked together with the first match may still answer. */
const timeoutMilliseconds = 2000;

/**
 * Asks `regions`, in order and a few at a time, which one knows a start URL: after a registration,
 * StartDeviceAuthorization succeeds only in the right one. If it succeeds in several, as reported by users of other
 * tools, that proves nothing, and none is returned. Keeps nothing; the codes expire.
 * @throws the signal's reason
 */
export async function findRegion(
  ports: FindRegionPorts,
  { startUrl, regions, scopes, onAsked = () => {} }: RegionQuestion,
  signal: AbortSignal,
): Promise<RegionFinding> {
  const found = new AbortController();
  const either = AbortSignal.any([signal, found.signal]);
  const waiting = [...regions];
  const notKnown: string[] = [];
  const matches: string[] = [];
  const isOver = (): boolean => either.aborted;
  const end = (): void => found.abort(new SignInError('cancelled'));
  const ask = async (): Promise<void> => {
    while (matches.length === 0 && !isOver()) {
      const next = waiting.shift();
      if (next === undefined) break;
      const answer = await knows(ports, { region: next, startUrl, scopes }, either);
      onAsked(next);
      if (answer === 'yes') {
        if (matches.push(next) === 1)
          ports.clock.sleep(timeoutMilliseconds, either).then(end, () => undefined);
      } else if (answer === 'notKnown' && !isOver()) {
        notKnown.push(next);
      }
    }
  };
  await Promise.all(Array.from({ length: maxConcurrent }, ask));
  end();
  signal.throwIfAborted();
  const [region, ...others] = matches;
  return others.length === 0 ? { notKnown, ...defined({ region }) } : { notKnown, isAmbiguous: true };
}

/** A region to try a start URL in. */
export interface RegionTry {
  readonly region: string;
  readonly startUrl: string;
  readonly scopes: readonly string[];
}

/**
 * Registers a client in a region and requests a device code. Keeps nothing; the code expires.
 * @throws SignInError as `requestRegistration` and `startDeviceAuthorization`
 */
export async function tryDeviceAuthorization(
  { clock, ssoOidcAt, templates }: FindRegionPorts,
  { region, startUrl, scopes }: RegionTry,
  signal: AbortSignal,
): Promise<void> {
  const { oidc: endpoint } = endpointsOf(region, templates, startUrl);
  const oidc = ssoOidcAt({ region, url: endpoint });
  const clientRequest = { endpoint, scopes, grantTypes: [deviceCodeGrantType, 'refresh_token'] };
  const registration = await requestRegistration(clock, oidc, clientRequest, signal);
  await startDeviceAuthorization(clock, oidc, { registration, startUrl }, signal);
}

async function knows(
  ports: FindRegionPorts,
  wanted: RegionTry,
  signal: AbortSignal,
): Promise<'yes' | 'no' | 'notKnown'> {
  try {
    await tryDeviceAuthorization(ports, wanted, signal);
    return 'yes';
  } catch (error) {
    // Only the service itself can disown a start URL, not a proxy and not a refused registration.
    return findSignInError(error)?.kind === 'invalidStartUrl' ? 'no' : 'notKnown';
  }
}
