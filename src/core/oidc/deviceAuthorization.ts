import * as client from 'openid-client';
import { runInteraction } from '../oauth/userInteraction.ts';
import type { InteractionResult, UserInteraction } from '../oauth/userInteraction.ts';
import type { OpenIdConnection } from '../connection/connection.ts';
import type { OpenIdDialect } from '../oauth/errorMeanings.ts';
import { boundedInterval, boundedLife, pollForToken } from '../oauth/devicePolling.ts';
import { SignInError } from '../oauth/errors.ts';
import { errorAt } from '../oauth/errorResponse.ts';
import type { Clock, HttpFetch, IsSameOrganization, Log } from '../ports.ts';
import type { TokenSet } from '../oauth/tokenSet.ts';
import { isLoopbackUrl } from '../text/webAddress.ts';
import * as v from 'valibot';
import { configurationOf } from './discovery.ts';
import { demandOf } from './clientDemand.ts';
import { isTrustedEndpoint } from './trustedEndpoint.ts';
import { tokenRequestError } from './requestErrors.ts';
import { orgServerIn } from './authorizationServerRecord.ts';
import type { AuthorizationServer } from './authorizationServerRecord.ts';
import { readSignIn, tokenAnswer } from './token.ts';

interface DevicePorts {
  readonly clock: Clock;
  readonly http: HttpFetch;
  readonly isSameOrganization: IsSameOrganization;
  readonly log: Log;
  readonly person: UserInteraction;
}

interface DeviceRequest {
  readonly dialect: OpenIdDialect;
  readonly scopes: readonly string[];
}

const answerSchema = v.object({
  device_code: v.pipe(v.string(), v.nonEmpty()),
  user_code: v.pipe(v.string(), v.regex(/^[\dA-Za-z -]{4,40}$/)),
  verification_uri: v.string(),
  verification_uri_complete: v.optional(v.string()),
  expires_in: v.number(),
  interval: v.number(),
});

/** Where a device code is asked for, and with what. */
export interface DeviceCodeOptions {
  readonly connection: OpenIdConnection;
  readonly server: AuthorizationServer;
  readonly request: DeviceRequest;
}

/**
 * The device grant (RFC 8628) at an authorization server that announces it.
 * @throws SignInError `denied`, `policy`, `notAssigned`, `codeExpired`, `cancelled`, `invalidResponse` for a page
 * that is not the organization's, or as the transport fails
 */
export async function deviceCodeGrant(
  ports: DevicePorts,
  { connection, server, request: { dialect, scopes } }: DeviceCodeOptions,
  signal: AbortSignal,
): Promise<InteractionResult<TokenSet>> {
  const { clock, http } = ports;
  const host = new URL(server.issuer).host;
  const starting = await configurationOf(
    withSaneTimes(http),
    { server, clientId: connection.clientId },
    signal,
  );
  const parsed = v.safeParse(
    answerSchema,
    await client
      .initiateDeviceAuthorization(starting, { scope: scopes.join(' ') })
      .catch(async (error: unknown) => {
        const refusal = await tokenRequestError(error, 'deviceAuthorize', host);
        const known = errorAt({ dialect, step: 'deviceAuthorization' }, refusal);
        if (!(known instanceof SignInError) || known.kind !== 'scopeRefused') throw known;
        throw new SignInError(known.kind, { ...known.details, scopes, ...orgServerIn(server) }, refusal);
      }),
  );
  if (!parsed.success) throw new SignInError('invalidResponse', { operation: 'deviceAuthorize', host });
  const { device_code, user_code, verification_uri, verification_uri_complete, expires_in, interval } =
    parsed.output;
  const expiresAt = clock.now() + expires_in * 1000;
  const turn = {
    connectionName: connection.name,
    url: await checkPage(
      carriesCode(verification_uri_complete, verification_uri, user_code)
        ? verification_uri_complete
        : verification_uri,
      server,
      ports.isSameOrganization,
    ),
    userCode: user_code,
    expiresAt,
    alternatives: ['authorizationCode'] as const,
  };
  const grantType = 'urn:ietf:params:oauth:grant-type:device_code';
  const { clientId } = connection;
  const ask = async (over: AbortSignal): Promise<TokenSet> => {
    const sentAt = clock.now();
    try {
      const answer = await tokenAnswer(
        http,
        {
          server,
          clientId,
          send: (configuration) => client.genericGrantRequest(configuration, grantType, { device_code }),
        },
        over,
      );
      return await readSignIn(
        ports,
        { server, clientId, dialect },
        { answer, asked: { sentAt, scopes } },
        over,
      );
    } catch (error) {
      const refusal = await tokenRequestError(error, 'token', host);
      throw demandOf(refusal, server) ?? refusal;
    }
  };
  return runInteraction(ports.person, turn, signal, async (over) => {
    const code = { expiresAt, intervalSeconds: interval };
    // Of its own signal: who gives up does not wait for the poll that is under way.
    return pollForToken(ports, { dialect, code, ask: () => ask(over) }, over);
  });
}

/** Mends what the library refuses the whole answer for: times that are absent or text, a page that is not text. */
function withSaneTimes(http: HttpFetch): HttpFetch {
  return async (url, request) => {
    const response = await http(url, request);
    const body: unknown = await response
      .clone()
      .json()
      .catch(() => undefined);
    const parsed = v.safeParse(v.looseObject({ device_code: v.string() }), body);
    if (!response.ok || !parsed.success) return response;
    const { expires_in, interval, verification_uri_complete: complete, ...rest } = parsed.output;
    const times = { expires_in: boundedLife(expires_in), interval: boundedInterval(interval) };
    const { status, statusText, headers } = response;
    const page = typeof complete === 'string' ? { verification_uri_complete: complete } : {};
    return new Response(JSON.stringify({ ...rest, ...page, ...times }), { status, statusText, headers });
  };
}

/**
 * Whether the page that needs no typing is on the host of the other one and has the code that is shown: a person
 * approves what they see (RFC 8628, 5.4).
 */
function carriesCode(complete: string | undefined, page: string, userCode: string): complete is string {
  const url = URL.parse(complete ?? '');
  if (url === null || url.host !== URL.parse(page)?.host) return false;
  const letters = (text: string): string => text.replace(/[^\dA-Za-z]/g, '').toUpperCase();
  const values = [
    ...url.searchParams.values(),
    ...new URLSearchParams(url.hash.replace(/^[^?]*\?/, '')).values(),
  ];
  return [...values, ...url.pathname.split('/')].some((one) => letters(one) === letters(userCode));
}

/**
 * Hosts of a vendor's page that is not on the host of its issuers: Microsoft Entra ID names
 * https://microsoft.com/devicelogin or https://login.microsoft.com/device (learn.microsoft.com, v2-oauth2-device-code).
 */
const vendorPages: ReadonlyMap<string, readonly string[]> = new Map([
  ['login.microsoftonline.com', ['microsoft.com', 'www.microsoft.com', 'login.microsoft.com']],
]);

/** The page a server names for the browser must be the organization's own, or its vendor's. */
async function checkPage(
  page: string,
  server: AuthorizationServer,
  isSameOrganization: IsSameOrganization,
): Promise<string> {
  const url = URL.parse(page);
  const issuer = new URL(server.issuer);
  const isOwn =
    url !== null &&
    (url.protocol === 'https:' || isLoopbackUrl(url)) &&
    (isVendorPage(url, issuer) || (await isTrustedEndpoint(url, issuer, isSameOrganization)));
  if (isOwn) return url.href;
  throw new SignInError('invalidResponse', {
    operation: 'verificationUri',
    reason: 'foreignPage',
    ...(url === null ? {} : { host: url.host }),
  });
}

function isVendorPage(url: URL, issuer: URL): boolean {
  const isPlain = url.username === '' && url.password === '' && url.port === '';
  return isPlain && url.protocol === 'https:' && vendorPages.get(issuer.host)?.includes(url.host) === true;
}
