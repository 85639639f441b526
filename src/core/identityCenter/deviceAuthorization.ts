import * as v from 'valibot';
import { runInteraction } from '../oauth/userInteraction.ts';
import type { InteractionResult, InteractionRequest, UserInteraction } from '../oauth/userInteraction.ts';
import { boundedInterval, boundedLife, pollForToken } from '../oauth/devicePolling.ts';
import { SignInError } from '../oauth/errors.ts';
import { errorAt } from '../oauth/errorResponse.ts';
import type { Clock, Log } from '../ports.ts';
import type { SsoOidc } from './ssoOidc.ts';
import type { TokenSet } from '../oauth/tokenSet.ts';
import type { ClientRegistration } from './clientRegistration.ts';
import { parseTokenResponse } from './token.ts';

/** The grant of RFC 8628, 3.4. */
export const deviceCodeGrantType = 'urn:ietf:params:oauth:grant-type:device_code';

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

/** The client that asks, and where. */
export interface DeviceStart {
  readonly registration: ClientRegistration;
  readonly startUrl: string;
}

/**
 * Asks for a code (StartDeviceAuthorization).
 * @throws SignInError `invalidStartUrl` for InvalidRequest, which here mostly means a wrong start URL or region;
 * `registrationRefused`; `invalidResponse`; or as the transport fails
 */
export async function startDeviceAuthorization(
  clock: Clock,
  oidc: SsoOidc,
  { registration, startUrl }: DeviceStart,
  signal: AbortSignal,
): Promise<DeviceAuthorization> {
  const { clientId, clientSecret } = registration;
  let answer: unknown;
  try {
    answer = await oidc.startDeviceAuthorization({ clientId, clientSecret, startUrl }, signal);
  } catch (error) {
    throw errorAt({ dialect: 'ssoOidc', step: 'deviceAuthorization' }, error);
  }
  const parsed = v.safeParse(answerSchema, answer);
  if (!parsed.success) throw new SignInError('invalidResponse', { operation: 'startDeviceAuthorization' });
  const { deviceCode, userCode, verificationUri, verificationUriComplete } = parsed.output;
  return {
    deviceCode,
    userCode,
    verificationUri,
    verificationUriComplete: verificationUriComplete ?? verificationUri,
    expiresAt: clock.now() + boundedLife(parsed.output.expiresIn) * 1000,
    intervalSeconds: boundedInterval(parsed.output.interval),
  };
}

interface PollingPorts {
  readonly clock: Clock;
  readonly log: Log;
  readonly person: UserInteraction;
}

/** What is approved, and how the person is told. */
export interface AwaitedApproval {
  readonly registration: ClientRegistration;
  readonly authorization: DeviceAuthorization;
  readonly turn: InteractionRequest;
}

/**
 * Shows the code and polls CreateToken until the person has decided, or chose another way.
 * @throws SignInError `denied`, `codeExpired`, `cancelled`, `registrationRefused`
 */
export async function waitForApproval(
  ports: PollingPorts,
  oidc: SsoOidc,
  { registration, authorization, turn }: AwaitedApproval,
  signal: AbortSignal,
): Promise<InteractionResult<TokenSet>> {
  const { clientId, clientSecret, scopes } = registration;
  const { deviceCode } = authorization;
  return runInteraction(ports.person, turn, signal, (over) => {
    const ask = async (): Promise<TokenSet> => {
      const sentAt = ports.clock.now();
      const answer = await oidc.createToken(
        { clientId, clientSecret, grantType: deviceCodeGrantType, deviceCode },
        over,
      );
      return parseTokenResponse(answer, sentAt, scopes);
    };
    return pollForToken(ports, { dialect: 'ssoOidc', code: authorization, ask }, over);
  });
}
