import * as v from 'valibot';
import type { IdentityCenterConnection } from '../connection/connection.ts';
import { SignInError } from '../oauth/errors.ts';
import type { FlowName } from '../oauth/flows.ts';
import type { LoopbackRedirect } from '../oauth/loopbackRedirect.ts';
import { lifetimeSeconds } from '../oauth/tokenSet.ts';
import type { TokenSet } from '../oauth/tokenSet.ts';
import type { UserInteraction } from '../oauth/userInteraction.ts';
import type { Clock, Log, SecretStore } from '../ports.ts';
import { parseJson } from '../text/parseJson.ts';
import { throwMeaning } from './ssoOidc.ts';
import type { RegisterClientRequest, SsoOidc } from './ssoOidc.ts';
import type { Frozen } from '../defined.ts';

/** The stored form of a client registration. Its secret is protected like a token; refresh tokens are bound to it. */
export const registrationSchema = v.object({
  clientId: v.pipe(v.string(), v.nonEmpty()),
  clientSecret: v.pipe(v.string(), v.nonEmpty()),
  /** When the registration expires, epoch milliseconds. */
  expiresAt: v.number(),
  scopes: v.array(v.string()),
  grantTypes: v.array(v.string()),
});
/** A client registered with Identity Center. */
export type ClientRegistration = Frozen<v.InferOutput<typeof registrationSchema>>;

const recordSchema = v.object({ version: v.literal(1), registration: registrationSchema });

/** The members of a RegisterClient response that are used; times are epoch seconds. */
const responseSchema = v.object({
  clientId: v.pipe(v.string(), v.nonEmpty()),
  clientSecret: v.pipe(v.string(), v.nonEmpty()),
  clientSecretExpiresAt: v.optional(v.unknown()),
});

/** Minimum remaining lifetime for reuse, so that a new session does not outlive its registration within a day. */
const minLifeMilliseconds = 24 * 3600 * 1000;
const defaultLifeSeconds = 90 * 24 * 3600;

/** A request for a client registration. Equal requests share one registration. */
export interface ClientRegistrationRequest extends RegisterClientRequest {
  readonly endpoint: string;
}

/** A sign-in at Identity Center: its connection, endpoint and scopes, and the ports that its flows use. */
export interface IdentityCenterClient {
  readonly clock: Clock;
  readonly log: Log;
  readonly loopback: LoopbackRedirect;
  readonly user: UserInteraction;
  readonly secrets: SecretStore;
  readonly connection: IdentityCenterConnection;
  /** SSO-OIDC at `endpoint`. */
  readonly oidc: SsoOidc;
  readonly endpoint: string;
  readonly scopes: readonly string[];
  /** The other flow, if this host supports it: offered while the browser is open, never started silently. */
  readonly alternatives: readonly FlowName[];
}

/** The tokens of a sign-in, and the registration they are bound to. */
export interface IdentityCenterTokens {
  readonly tokenSet: TokenSet;
  readonly registration: ClientRegistration;
}

/**
 * Returns the stored registration for a request if it is not about to expire; otherwise registers a client and stores
 * it. `renew` replaces a registration that the service rejected. A keyring failure only costs a request.
 * @throws SignInError as the service responds, or `invalidResponse`
 */
export async function registerClient(
  ports: Pick<IdentityCenterClient, 'clock' | 'secrets'>,
  oidc: SsoOidc,
  { clientRequest, renew }: { readonly clientRequest: ClientRegistrationRequest; readonly renew: boolean },
  signal: AbortSignal,
): Promise<ClientRegistration> {
  const key = storageKey(clientRequest);
  if (!renew) {
    const stored = readRecord(await ports.secrets.get(key).catch(() => undefined));
    if (stored !== undefined && stored.expiresAt - ports.clock.now() > minLifeMilliseconds) return stored;
  }
  const registration = await requestRegistration(ports.clock, oidc, clientRequest, signal);
  await ports.secrets.set(key, JSON.stringify({ version: 1, registration })).catch(() => undefined);
  return registration;
}

/** Runs `work`. If the service rejects the registration, deletes it, so that the next sign-in registers again. */
export async function forgettingRefused<T>(
  { secrets }: Pick<IdentityCenterClient, 'secrets'>,
  clientRequest: ClientRegistrationRequest,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isRegistrationRefused(error)) await secrets.delete(storageKey(clientRequest)).catch(() => undefined);
    throw error;
  }
}

/** Deletes the stored registrations of a client, and those that have expired. */
export async function forgetRegistrations(
  { clock, secrets }: Pick<IdentityCenterClient, 'clock' | 'secrets'>,
  clientId: string,
): Promise<void> {
  const names = (await secrets.keys()).filter((name) => name.startsWith(keyPrefix));
  const forget = async (name: string): Promise<void> => {
    const stored = readRecord(await secrets.get(name));
    if (stored === undefined || stored.clientId === clientId || stored.expiresAt <= clock.now())
      await secrets.delete(name);
  };
  await Promise.all(names.map(forget));
}

/** Whether the service rejected the client registration. */
export function isRegistrationRefused(error: unknown): boolean {
  return error instanceof SignInError && error.kind === 'registrationRefused';
}

/** Calls RegisterClient once, and stores nothing. @throws SignInError as {@link registerClient} */
export async function requestRegistration(
  clock: Clock,
  oidc: SsoOidc,
  clientRequest: ClientRegistrationRequest,
  signal: AbortSignal,
): Promise<ClientRegistration> {
  const { endpoint: _endpoint, ...request } = clientRequest;
  const { scopes, grantTypes } = request;
  const response = await oidc.registerClient(request, signal).catch(throwMeaning('register'));
  const parsed = v.safeParse(responseSchema, response);
  if (!parsed.success) throw new SignInError('invalidResponse', { operation: 'registerClient' });
  const { clientId, clientSecret, clientSecretExpiresAt: end } = parsed.output;
  const now = clock.now();
  const isGiven = typeof end === 'number' && Number.isFinite(end) && end > 0;
  const seconds = isGiven ? lifetimeSeconds(end, now) : defaultLifeSeconds;
  const expiresAt = Math.round(now + seconds * 1000);
  return { clientId, clientSecret, expiresAt, scopes, grantTypes };
}

const keyPrefix = 'registration:';

/** The storage key of a registration, which depends on all members of its request. */
function storageKey(clientRequest: ClientRegistrationRequest): string {
  return `${keyPrefix}${JSON.stringify([
    clientRequest.endpoint,
    [...clientRequest.scopes].sort(),
    [...clientRequest.grantTypes].sort(),
    clientRequest.redirectUris ?? [],
    clientRequest.issuerUrl ?? '',
  ])}`;
}

function readRecord(text: string | undefined): ClientRegistration | undefined {
  // Not an error: replacing an unreadable registration costs only one request.
  const parsed = v.safeParse(recordSchema, parseJson(text ?? ''));
  return parsed.success ? parsed.output.registration : undefined;
}
