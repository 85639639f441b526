import { createHash } from 'node:crypto';
import { ApiError } from './apiError.ts';
import type { Consent, Grant } from './consent.ts';
import { directoryIn } from './directories.ts';
import { opaque } from './opaque.ts';
import {
  AUTHORIZATION_CODE_GRANT,
  isRegisteredRedirectUri,
  type Registration,
  type Registrations,
} from './registrations.ts';
import type { IdentityCenterSettings } from './settings.ts';

/** Result of a browser's request to `/authorize`. */
type Opened =
  /** Ask the user; the ID identifies the pending question. */
  | { readonly consentId: string }
  /** Redirect to the client with an error. */
  | { readonly redirectTo: string }
  /** Show an error to the user: the redirect URI itself is invalid. */
  | { readonly refusal: string };

interface AuthorizationRequest {
  readonly registration: Registration;
  readonly startUrl: string;
  readonly redirectUri: string;
  readonly state: string | null;
  readonly codeChallenge: string;
}

interface AuthorizationCode {
  readonly request: AuthorizationRequest;
  readonly username: string;
  readonly expiresAt: number;
}

/** Parameters that accompany an authorization code at the token endpoint. */
export interface CodeRedemption {
  readonly code: string;
  readonly redirectUri: string;
  readonly codeVerifier: string;
}

/** Requests to `/authorize` and their codes: authorization code with PKCE (RFC 6749, RFC 7636). */
export interface AuthorizationRequests {
  /** @param query parameters of `/authorize`; scopes are in `scopes`, unlike RFC 6749's `scope` */
  open(region: string, query: URLSearchParams): Opened;
  /** The pending question with this ID, as long as it can be answered. */
  consentFor(consentId: string): Consent | undefined;
  /**
   * Redeems a code, even if other parameters are wrong.
   * @throws {ApiError} InvalidGrantException
   */
  redeem(registration: Registration, redemption: CodeRedemption): Grant;
}

export function createAuthorizationRequests(
  now: () => number,
  settings: IdentityCenterSettings,
  registrations: Registrations,
): AuthorizationRequests {
  const pending = new Map<string, AuthorizationRequest>();
  const codes = new Map<string, AuthorizationCode>();

  return {
    open(region, query) {
      const registration = registrations.find(region, query.get('client_id') ?? '');
      if (registration === undefined) return { refusal: 'The application is not known here.' };
      const redirectUri = query.get('redirect_uri') ?? '';
      if (!isRegisteredRedirectUri(registration.redirectUris, redirectUri)) {
        return { refusal: 'The application did not register this redirect URI.' };
      }

      const state = query.get('state');
      const problem = problemWith(query, registration);
      if (problem !== undefined) {
        const [error, description] = problem;
        return { redirectTo: withParameters(redirectUri, { error, error_description: description, state }) };
      }

      const consentId = opaque();
      const startUrl = registration.issuerUrl ?? '';
      const codeChallenge = query.get('code_challenge') ?? '';
      pending.set(consentId, { registration, startUrl, redirectUri, state, codeChallenge });
      return { consentId };
    },

    consentFor(consentId) {
      const request = pending.get(consentId);
      if (request === undefined) return undefined;
      const { registration, startUrl, redirectUri, state } = request;
      const answer = (parameters: Record<string, string>): { redirectTo: string } => {
        pending.delete(consentId);
        return { redirectTo: withParameters(redirectUri, { ...parameters, state }) };
      };
      return {
        clientName: registration.clientName,
        startUrl,
        scopes: registration.scopes,
        allow(username) {
          const code = opaque();
          codes.set(code, { request, username, expiresAt: now() + settings.authorizationCodeSeconds * 1000 });
          return answer({ code });
        },
        deny: () => answer({ error: 'access_denied', error_description: 'Access denied' }),
      };
    },

    redeem({ clientId }, { code, redirectUri, codeVerifier }) {
      const issued = codes.get(code);
      codes.delete(code);
      const good =
        issued !== undefined &&
        now() < issued.expiresAt &&
        issued.request.registration.clientId === clientId &&
        issued.request.redirectUri === redirectUri &&
        issued.request.codeChallenge === createHash('sha256').update(codeVerifier).digest('base64url');
      if (!good) throw new ApiError('InvalidGrantException');
      return { username: issued.username, startUrl: issued.request.startUrl };
    },
  };
}

/** The error and description (RFC 6749, section 4.1.2.1), or undefined for a valid request. */
function problemWith(query: URLSearchParams, registration: Registration): [string, string] | undefined {
  if (query.get('response_type') !== 'code') {
    return ['unsupported_response_type', 'The response type must be code'];
  }
  if (!registration.grantTypes.includes(AUTHORIZATION_CODE_GRANT)) {
    return ['unauthorized_client', 'Client is not authorized to use this grant type'];
  }
  if (directoryIn(registration.region, registration.issuerUrl ?? '') === undefined) {
    return ['invalid_request', 'Invalid issuer URL provided'];
  }
  const scopes = (query.get('scopes') ?? '').split(' ').filter((scope) => scope !== '');
  if (scopes.length === 0 || scopes.some((scope) => !registration.scopes.includes(scope))) {
    return ['invalid_scope', 'Invalid scope provided'];
  }
  if (query.get('code_challenge_method') !== 'S256') {
    return ['invalid_request', 'The code challenge method must be S256'];
  }
  // RFC 7636, section 4.2: SHA-256 in base64url has 43 characters.
  if (!/^[\w-]{43}$/.test(query.get('code_challenge') ?? '')) {
    return ['invalid_request', 'Invalid code challenge provided'];
  }
  return undefined;
}

function withParameters(uri: string, parameters: Readonly<Record<string, string | null>>): string {
  const url = new URL(uri);
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== null) url.searchParams.set(name, value);
  }
  return url.href;
}
