import * as v from 'valibot';
import { whileBrowserHasTheTurn } from '../browserTurn.ts';
import { errorEffects, findSignInError, SignInError } from '../errors.ts';
import { OAuthRefusal, refusalToError } from '../oauthRefusal.ts';
import type { BrowserTurn, Clock, Log, Person, SsoOidc } from '../ports.ts';
import type { TokenSet } from '../tokenSet.ts';
import type { ClientRegistration } from './registration.ts';
import { readToken } from './token.ts';

/** The grant of RFC 8628, 3.4. */
export const deviceCodeGrant = 'urn:ietf:params:oauth:grant-type:device_code';

/** A device authorization that waits for its person. */
export interface DeviceAuthorization {
  readonly deviceCode: string;
  readonly userCode: string;
  readonly verificationUri: string;
  readonly verificationUriComplete: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
  readonly intervalSeconds: number;
}

const answerSchema = v.object({
  deviceCode: v.pipe(v.string(), v.nonEmpty()),
  userCode: v.pipe(v.string(), v.regex(/^[\dA-Za-z -]{4,40}$/)),
  verificationUri: v.string(),
  verificationUriComplete: v.optional(v.string()),
  expiresIn: v.optional(v.unknown()),
  interval: v.optional(v.unknown()),
});

/** Seen in the field: interval 1 to 5 s, life 600 s. Anything outside these bounds is nobody's intent. */
const interval = { usual: 5, least: 1, most: 60 };
const life = { usual: 600, least: 30, most: 3600 };
/** RFC 8628, 3.5: `slow_down` adds five seconds, for good. */
const slowDownSeconds = 5;

/**
 * Asks for a code (StartDeviceAuthorization).
 * @throws SignInError `startUrlRefused` for InvalidRequest, which here mostly means a wrong start URL or region;
 * `registrationRefused`; `unexpectedAnswer`; or as the transport fails
 */
export async function startDeviceAuthorization(
  clock: Clock,
  oidc: SsoOidc,
  registration: ClientRegistration,
  startUrl: string,
  signal: AbortSignal,
): Promise<DeviceAuthorization> {
  const { clientId, clientSecret } = registration;
  let answer: unknown;
  try {
    answer = await oidc.startDeviceAuthorization({ clientId, clientSecret, startUrl }, signal);
  } catch (error) {
    throw error instanceof OAuthRefusal
      ? refusalToError(error, { invalid_request: 'startUrlRefused' })
      : error;
  }
  const parsed = v.safeParse(answerSchema, answer);
  if (!parsed.success) throw new SignInError('unexpectedAnswer', { operation: 'startDeviceAuthorization' });
  const { deviceCode, userCode, verificationUri, verificationUriComplete } = parsed.output;
  return {
    deviceCode,
    userCode,
    verificationUri,
    verificationUriComplete: verificationUriComplete ?? verificationUri,
    expiresAt: clock.now() + bounded(parsed.output.expiresIn, life) * 1000,
    intervalSeconds: bounded(parsed.output.interval, interval),
  };
}

interface PollingPorts {
  readonly clock: Clock;
  readonly log: Log;
  readonly person: Person;
}

/**
 * Shows the code and polls CreateToken until the person has decided (RFC 8628, 3.5). A poll that fails for the
 * network, a proxy or the server goes on polling; the code's own end is the only time-out.
 * @throws SignInError `denied`, `codeExpired`, `cancelled`, `registrationRefused`
 */
export async function waitForApproval(
  ports: PollingPorts,
  oidc: SsoOidc,
  registration: ClientRegistration,
  authorization: DeviceAuthorization,
  turn: BrowserTurn,
  signal: AbortSignal,
): Promise<TokenSet> {
  return whileBrowserHasTheTurn(ports.person, turn, signal, (over) =>
    poll(ports, oidc, registration, authorization, over),
  );
}

async function poll(
  { clock, log }: PollingPorts,
  oidc: SsoOidc,
  registration: ClientRegistration,
  authorization: DeviceAuthorization,
  signal: AbortSignal,
): Promise<TokenSet> {
  let { intervalSeconds } = authorization;
  while (clock.now() < authorization.expiresAt) {
    await clock.sleep(intervalSeconds * 1000, signal);
    try {
      const { clientId, clientSecret } = registration;
      const { deviceCode } = authorization;
      const request = { clientId, clientSecret, grantType: deviceCodeGrant, deviceCode };
      return readToken(await oidc.createToken(request, signal), clock.now(), registration.scopes);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof OAuthRefusal && error.error === 'authorization_pending') continue;
      if (error instanceof OAuthRefusal && error.error === 'slow_down') {
        intervalSeconds += slowDownSeconds;
        continue;
      }
      // An invalid_grant here is a code that is spent or over, not a session.
      const meaning =
        error instanceof OAuthRefusal
          ? refusalToError(error, { invalid_grant: 'codeExpired' })
          : findSignInError(error);
      if (meaning === undefined || !goesOn(meaning)) throw meaning ?? error;
      log.warn('A poll failed and is tried again', { kind: meaning.kind, host: meaning.facts.host });
    }
  }
  throw new SignInError('codeExpired', { operation: 'createToken' });
}

function goesOn(error: SignInError): boolean {
  const { group } = errorEffects[error.kind];
  return group === 'transient' || group === 'environment';
}

function bounded(value: unknown, bounds: { usual: number; least: number; most: number }): number {
  const number = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number) || number <= 0) return bounds.usual;
  return Math.min(Math.max(number, bounds.least), bounds.most);
}
