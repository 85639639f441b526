import { redirectPath } from '../oauth/authorizationResponse.ts';
import type { RedirectRegistration } from '../oauth/userInteraction.ts';
import type { AuthorizationServer } from './authorizationServerRecord.ts';
import { isOktaOrganization } from './oktaDomains.ts';
import type { MixUpDefense } from './usedRedirect.ts';

/** What decides the redirect URI: what the issuer's metadata says, and whom the organization's policy names. */
export interface IssuerFacts extends Pick<AuthorizationServer, 'issuer' | 'issParameter'> {
  readonly allowedIssuers?: readonly string[] | undefined;
}

/** Whether an issuer may share `/oauth/callback` with all others by what it is. */
export function sharedDefense({
  issuer,
  issParameter,
}: Pick<IssuerFacts, 'issuer' | 'issParameter'>): 'iss' | 'okta' | undefined {
  if (issParameter) return 'iss';
  return isOktaOrganization(new URL(issuer).hostname) ? 'okta' : undefined;
}

/**
 * How a sign-in at this issuer is kept apart; `confirm` where the person has to be asked first. `own` is whether the
 * issuer's own redirect URI is registered; it matters only without a {@link sharedDefense}.
 */
export function decideDefense(details: IssuerFacts, own: RedirectRegistration): MixUpDefense | 'confirm' {
  const shared = sharedDefense(details);
  if (shared !== undefined) return shared;
  if (own === 'registered') return 'ownRedirectUri';
  return details.allowedIssuers?.includes(details.issuer) === true ? 'policy' : 'confirm';
}

/** The path that is one issuer's alone: `/oauth/callback/` and the first 16 hex digits of SHA-256(issuer). */
export async function ownRedirectPath(issuer: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(issuer));
  const hex = [...new Uint8Array(digest).slice(0, 8)].map((byte) => byte.toString(16).padStart(2, '0'));
  return `${redirectPath}/${hex.join('')}`;
}

/** Where the code comes back to (RFC 8252, 7.3). */
export interface RedirectPlace {
  readonly host: 'localhost' | '127.0.0.1';
  /** In the order they are tried; 0 stands for any free port. */
  readonly ports: readonly number[];
  /** Fixed by the connection: the shared one, or `own` for the one that is the issuer's alone. */
  readonly path?: string;
}

/**
 * What a redirect URI of a connection fixes; without one, the registered ports on `localhost`. A port that it does not
 * name may be any: RFC 8252 asks that of `127.0.0.1`, and Microsoft Entra ID takes any on `localhost` too.
 */
export function redirectPlaceOf(given: {
  readonly redirectUri?: string;
  readonly redirectPorts: readonly number[];
}): RedirectPlace {
  if (given.redirectUri === undefined) return { host: 'localhost', ports: given.redirectPorts };
  const { hostname, port, pathname } = new URL(given.redirectUri);
  return {
    host: hostname === '127.0.0.1' ? hostname : 'localhost',
    ports: [port === '' ? 0 : Number(port)],
    path: pathname === '/' ? 'own' : pathname,
  };
}

/** A redirect URI, byte for byte as the server compares it; at Okta `localhost`, never 127.0.0.1. */
export function redirectUriAt(port: number, path: string, host: RedirectPlace['host'] = 'localhost'): string {
  return `http://${host}:${port}${path}`;
}

/**
 * The redirect URIs that an administrator registers for an issuer whose metadata is not known: for an Okta
 * organization on Okta's own domain the shared ones, for any other issuer its own first.
 */
export async function redirectUrisFor(issuer: string, ports: readonly number[]): Promise<readonly string[]> {
  const shared = ports.map((port) => redirectUriAt(port, redirectPath));
  if (isOktaOrganization(new URL(issuer).hostname)) return shared;
  const path = await ownRedirectPath(issuer);
  return [...ports.map((port) => redirectUriAt(port, path)), ...shared];
}
