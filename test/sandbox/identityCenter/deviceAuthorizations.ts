import { ApiError } from './apiError.ts';
import type { Consent, Grant } from './consent.ts';
import { opaque, userCode as newUserCode } from './opaque.ts';
import type { Registration } from './registrations.ts';
import type { IdentityCenterSettings } from './settings.ts';

/** RFC 8628, section 3.5: `slow_down` adds this to the interval of all later polls. */
const SLOW_DOWN_SECONDS = 5;

/** Tolerance for timers that fire early and for rounding between two clocks. */
const POLL_TOLERANCE_MS = 20;

interface DeviceAuthorization {
  readonly deviceCode: string;
  readonly userCode: string;
  readonly registration: Registration;
  readonly startUrl: string;
  readonly expiresAt: number;
  intervalSeconds: number;
  polledAt: number | undefined;
  decision: { readonly by: string } | 'pending' | 'denied' | 'redeemed';
}

/** A device authorization from the client's view; `expiresIn` and `interval` are seconds. */
interface StartedDeviceAuthorization {
  readonly deviceCode: string;
  readonly userCode: string;
  readonly expiresIn: number;
  readonly interval: number;
}

/** Device authorizations (RFC 8628), from issue to redemption. */
export interface DeviceAuthorizations {
  start(registration: Registration, startUrl: string): StartedDeviceAuthorization;
  /**
   * One poll with a device code; the successful poll redeems the code.
   * @throws {ApiError} AuthorizationPending-, SlowDown-, ExpiredToken-, AccessDenied- or InvalidGrantException
   */
  poll(registration: Registration, deviceCode: string): Grant;
  /** The pending question for a user code, as long as it can be answered. */
  consentFor(userCode: string): Consent | undefined;
  counts(): { started: number; polls: number; slowDowns: number };
}

export function createDeviceAuthorizations(
  now: () => number,
  settings: IdentityCenterSettings,
): DeviceAuthorizations {
  const all: DeviceAuthorization[] = [];
  let polls = 0;
  let slowDowns = 0;

  return {
    start(registration, startUrl) {
      const authorization: DeviceAuthorization = {
        deviceCode: opaque(),
        userCode: newUserCode(),
        registration,
        startUrl,
        expiresAt: now() + settings.deviceCodeSeconds * 1000,
        intervalSeconds: settings.intervalSeconds,
        polledAt: undefined,
        decision: 'pending',
      };
      all.push(authorization);
      return {
        deviceCode: authorization.deviceCode,
        userCode: authorization.userCode,
        expiresIn: settings.deviceCodeSeconds,
        interval: settings.intervalSeconds,
      };
    },

    poll({ clientId }, deviceCode) {
      polls += 1;
      const authorization = all.find((each) => each.deviceCode === deviceCode);
      if (authorization?.registration.clientId !== clientId) throw new ApiError('InvalidGrantException');
      const { decision, startUrl } = authorization;
      if (decision === 'redeemed') throw new ApiError('InvalidGrantException');
      if (now() >= authorization.expiresAt) throw new ApiError('ExpiredTokenException');
      if (decision === 'denied') throw new ApiError('AccessDeniedException');
      if (decision === 'pending') {
        const tooEarly = isTooEarly(authorization, now());
        authorization.polledAt = now();
        if (!tooEarly) throw new ApiError('AuthorizationPendingException');
        slowDowns += 1;
        authorization.intervalSeconds += SLOW_DOWN_SECONDS;
        throw new ApiError('SlowDownException');
      }
      authorization.decision = 'redeemed';
      return { username: decision.by, startUrl };
    },

    consentFor(typed) {
      const code = normalUserCode(typed);
      const authorization = all.find((each) => each.userCode === code);
      if (authorization?.decision !== 'pending' || now() >= authorization.expiresAt) return undefined;
      return {
        clientName: authorization.registration.clientName,
        startUrl: authorization.startUrl,
        scopes: authorization.registration.scopes,
        allow(username) {
          authorization.decision = { by: username };
          return 'approved';
        },
        deny() {
          authorization.decision = 'denied';
          return 'denied';
        },
      };
    },

    counts: () => ({ started: all.length, polls, slowDowns }),
  };
}

function isTooEarly({ polledAt, intervalSeconds }: DeviceAuthorization, at: number): boolean {
  return polledAt !== undefined && at - polledAt < intervalSeconds * 1000 - POLL_TOLERANCE_MS;
}

/** Users type codes in lower case and without the dash. */
function normalUserCode(typed: string): string {
  const letters = typed.toUpperCase().replace(/[^A-Z]/g, '');
  return `${letters.slice(0, 4)}-${letters.slice(4)}`;
}
