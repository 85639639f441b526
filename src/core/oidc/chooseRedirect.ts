import { abortedAtEnd } from '../oauth/abortable.ts';
import { SignInError } from '../oauth/errors.ts';
import { redirectPath } from '../oauth/authorizationResponse.ts';
import type { Clock, HttpFetch } from '../ports.ts';
import type { UserInteraction, RedirectUriStatus } from '../oauth/userInteraction.ts';
import { decideDefense, ownRedirectPath, redirectUriAt, sharedDefense } from './mixUpDefense.ts';
import type { RedirectPlace } from './mixUpDefense.ts';
import { findRedirectUriStatus } from './redirectUriProbe.ts';
import type { Application } from './redirectUriProbe.ts';
import type { UsedRedirect } from './usedRedirect.ts';

/** The redirect URI of a turn, with what is known of its registration already. */
export interface ChosenRedirect extends UsedRedirect {
  readonly path: string;
  readonly finding?: RedirectUriStatus;
}

interface ChoicePorts {
  readonly clock: Clock;
  readonly http: HttpFetch;
  readonly person: UserInteraction;
}

interface RedirectChoice extends Omit<RedirectPlace, 'ports'> {
  readonly port: number;
  /** The other ports. */
  readonly left: readonly number[];
  /** Whether the person has trusted the issuer in this sign-in. */
  readonly isTrusted: boolean;
}

/**
 * Chooses the redirect URI of a port before anything is opened. Where an issuer can be told from others neither by its
 * callbacks nor by its domain, its own redirect URI is asked for, and without one the person.
 * @throws SignInError `cancelled` when the person does not trust the issuer, `registrationRefused` where the server
 * does not know the client: neither its page nor the question would lead anywhere
 */
export async function chooseRedirect(
  { clock, http, person }: ChoicePorts,
  application: Application,
  allowedIssuers: readonly string[] | undefined,
  { host, path: fixedPath, port, left, isTrusted }: RedirectChoice,
  signal: AbortSignal,
): Promise<ChosenRedirect> {
  const { server } = application;
  const details = { ...server, allowedIssuers };
  const shared = { uri: redirectUriAt(port, redirectPath, host), path: redirectPath };
  const defense = sharedDefense(server);
  if (defense !== undefined && fixedPath !== 'own') return { ...shared, defense };
  const path = await ownRedirectPath(server.issuer);
  const uri = redirectUriAt(port, path, host);
  // A connection that names the issuer's own redirect URI says that it is registered.
  if (fixedPath === 'own' || fixedPath === path) return { uri, path, defense: 'ownRedirectUri' };
  const trusts = async (mayAsk: boolean): Promise<boolean> =>
    isTrusted ||
    (await person.trustsIssuer?.({ issuer: server.issuer, ownRedirectUri: uri, mayAsk }, signal)) === true;
  const find = async (wanted: number, others: readonly number[]): Promise<RedirectUriStatus> => {
    using patience = patient(clock, signal);
    const found = others.map((other) => redirectUriAt(other, path, host));
    return await findRedirectUriStatus(
      http,
      application,
      redirectUriAt(wanted, path, host),
      found,
      patience.signal,
    );
  };
  let finding = await find(port, []);
  signal.throwIfAborted();
  if (finding.wrongParameter === 'client_id') throw unknownClient(server.issuer);
  let decision = decideDefense(details, finding.registration);
  if (decision === 'confirm' && (await trusts(false))) return { ...shared, defense: 'confirmed' };
  const [next, ...others] = left;
  if (decision === 'confirm' && finding.registration === 'notRegistered' && next !== undefined) {
    // Before a person is asked: its own redirect URI may be registered at another port.
    const elsewhere = await find(next, others);
    signal.throwIfAborted();
    const isNext = elsewhere.registration === 'registered';
    const registered = isNext ? elsewhere.redirectUri : elsewhere.registered;
    if (registered !== undefined) {
      finding = { ...finding, registered };
      decision = decideDefense(details, 'registered');
    }
  }
  if (decision === 'ownRedirectUri') return { uri, path, defense: decision, finding };
  if (decision !== 'confirm') return { ...shared, defense: decision };
  if (await trusts(true)) return { ...shared, defense: 'confirmed' };
  throw new SignInError('cancelled', { operation: 'authorize', reason: 'issuerNotTrusted' });
}

function unknownClient(issuer: string): SignInError {
  const { host } = new URL(issuer);
  return new SignInError('registrationRefused', { operation: 'authorize', host, reason: 'unknownClient' });
}

/** How long a sign-in waits for what it asks before the browser is opened. */
const patienceMilliseconds = 3000;

/** A signal that aborts with `signal`, at the end of the scope, or when patience ends. */
export function patient(clock: Clock, signal: AbortSignal): Disposable & { readonly signal: AbortSignal } {
  const asking = abortedAtEnd(signal);
  clock.sleep(patienceMilliseconds, asking.signal).then(
    () => asking[Symbol.dispose](),
    () => undefined,
  );
  return asking;
}
