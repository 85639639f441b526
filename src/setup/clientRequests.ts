import * as v from 'valibot';
import { defined } from '../core/defined.ts';
import { dialects, meaningIn } from '../core/oauth/errorMeanings.ts';
import type { AuthorizationServer } from '../core/oidc/authorizationServerRecord.ts';
import { probeStatePrefix } from '../core/oidc/redirectUri.ts';
import type { Application } from '../core/oidc/redirectUri.ts';
import type { HttpFetch } from '../core/ports.ts';
import { safeText } from '../core/text/safeText.ts';
import type { EvidenceValues } from './checkResult.ts';

const refusalSchema = v.object({
  error: v.optional(v.string()),
  errorCode: v.optional(v.string()),
  error_description: v.optional(v.string()),
  errorSummary: v.optional(v.string()),
});

/** Sends a token request with a made-up code: grants and spends nothing (RFC 6749, 5.2). */
export async function askWithMadeUpCode(
  http: HttpFetch,
  { server, clientId }: Pick<Application, 'server' | 'clientId'>,
  redirectUri: string,
  signal: AbortSignal,
): Promise<Response> {
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    client_id: clientId,
    code: `${probeStatePrefix}${crypto.randomUUID()}`,
    redirect_uri: redirectUri,
    code_verifier: `${crypto.randomUUID()}${crypto.randomUUID()}`,
  });
  return http(server.tokenEndpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: body.toString(),
    signal,
  });
}

/** Sends a revocation request with a made-up token: an unknown one counts as revoked (RFC 7009, 2.2). */
export async function revokeMadeUpToken(
  http: HttpFetch,
  endpoint: string,
  clientId: string,
  signal: AbortSignal,
): Promise<Response> {
  const token = `${probeStatePrefix}${crypto.randomUUID()}`;
  return http(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: new URLSearchParams({ client_id: clientId, token, token_type_hint: 'refresh_token' }).toString(),
    signal,
  });
}

/** The `error` and description of a response, safe to display. */
export async function refusalIn(
  response: Response,
): Promise<{ readonly word?: string; readonly words?: string }> {
  const parsed = v.safeParse(refusalSchema, await response.json().catch(() => undefined));
  const { error, errorCode, error_description, errorSummary } = parsed.success ? parsed.output : {};
  const word = safeText(error ?? errorCode);
  const words = safeText(error_description ?? errorSummary);
  return defined({ word, words });
}

/** A request to the device authorization endpoint. */
export interface GrantQuestion {
  readonly clientId: string;
  readonly scopes: readonly string[];
}

/**
 * The reason why a known client gets no device code (RFC 8628, 3.1); undefined if it gets one or the response
 * does not tell. An issued code expires unused.
 */
export async function missingDeviceGrant(
  http: HttpFetch,
  { deviceAuthorizationEndpoint: endpoint }: AuthorizationServer,
  { clientId, scopes }: GrantQuestion,
  signal: AbortSignal,
): Promise<EvidenceValues<'status' | 'code' | 'words'> | undefined> {
  if (endpoint === undefined) return {};
  try {
    const response = await http(endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: new URLSearchParams({ client_id: clientId, scope: scopes.join(' ') }).toString(),
      signal,
    });
    const { status } = response;
    const { word = '', words } = response.ok ? {} : await refusalIn(response);
    const { kind } = meaningIn(word, { status }, { dialect: dialects.okta, step: 'deviceAuthorization' });
    const isAbsent = [404, 405].includes(status) || ['noFlow', 'registrationRefused'].includes(kind);
    return response.ok || !isAbsent ? undefined : { status, code: word === '' ? undefined : word, words };
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}
