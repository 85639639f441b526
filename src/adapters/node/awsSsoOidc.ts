import {
  CreateTokenCommand,
  RegisterClientCommand,
  SSOOIDCClient,
  StartDeviceAuthorizationCommand,
} from '@aws-sdk/client-sso-oidc';
import { abortError, findSignInError, SignInError } from '../../core/oauth/errors.ts';
import { OAuthErrorResponse } from '../../core/oauth/errorResponse.ts';
import type { HttpFetch } from '../../core/ports.ts';
import type { SsoOidc, SsoOidcAt } from '../../core/identityCenter/ssoOidc.ts';
import { safeId, safeText } from '../../core/text/safeText.ts';
import { isRegion } from '../../core/identityCenter/regions.ts';
import { defined } from '../../core/defined.ts';

/** The client name that AWS's consent page shows. */
const clientName = 'Developer Sign-In for VS Code';

/** The part of the SDK's HTTP request that is used here. */
interface SdkRequest {
  readonly method: string;
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: unknown;
}

/**
 * The SSO-OIDC API over the AWS SDK, with our `http` as transport, which limits time and size and tells a
 * proxy's response from the service's. Environment variables and `~/.aws/config` have no effect.
 */
export function createSsoOidcAt(http: HttpFetch): SsoOidcAt {
  return ({ region, url }) => {
    const host = new URL(url).host;
    const ask = async (
      operation: string,
      signal: AbortSignal,
      send: (client: SSOOIDCClient) => Promise<unknown>,
    ): Promise<unknown> => {
      let isAnswered = false;
      const handle = async (request: SdkRequest, options: { abortSignal?: unknown } = {}) => {
        const response = await sendOver(http, request, options.abortSignal);
        isAnswered = true;
        return { response };
      };
      try {
        return await send(clientAt(region, url, handle));
      } catch (error) {
        // If the signal aborts before the SDK calls our `http`, the SDK throws an error of its own.
        if (signal.aborted) throw abortError(signal, { operation, host });
        throw meaningOf(error, operation, host, isAnswered);
      }
    };
    const oidc: SsoOidc = {
      registerClient: (request, signal) =>
        ask('registerClient', signal, (client) => {
          const { scopes, grantTypes, redirectUris, ...rest } = request;
          const input = {
            ...rest,
            clientName,
            clientType: 'public',
            scopes: [...scopes],
            grantTypes: [...grantTypes],
            ...(redirectUris === undefined ? {} : { redirectUris: [...redirectUris] }),
          };
          return client.send(new RegisterClientCommand(input), { abortSignal: signal });
        }),
      startDeviceAuthorization: (request, signal) =>
        ask('startDeviceAuthorization', signal, (client) =>
          client.send(new StartDeviceAuthorizationCommand(request), { abortSignal: signal }),
        ),
      createToken: (request, signal) =>
        ask('createToken', signal, (client) =>
          client.send(new CreateTokenCommand(request), { abortSignal: signal }),
        ),
    };
    return oidc;
  };
}

type Handle = (
  request: SdkRequest,
  options?: { abortSignal?: unknown },
) => Promise<{ response: { statusCode: number; headers: Record<string, string>; body: Uint8Array } }>;

/**
 * An SDK client that reads no configuration. Each member replaces something the SDK would look up (its
 * `runtimeConfig`); the middleware that looks up more is removed. SDK retries are off: a grant that was used
 * and sent again would come back as InvalidGrant.
 */
function clientAt(region: string, url: string, handle: Handle): SSOOIDCClient {
  const client = new SSOOIDCClient({
    region,
    endpoint: url,
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
    maxAttempts: 1,
    retryMode: 'standard',
    defaultsMode: 'legacy',
    authSchemePreference: [],
    userAgentAppId: async () => undefined,
    defaultUserAgentProvider: async () => [['developer-sign-in']],
    requestHandler: { handle },
  });
  // It copies Lambda's trace ID from the environment into a header.
  client.middlewareStack.remove('recursionDetectionMiddleware');
  return client;
}

async function sendOver(
  http: HttpFetch,
  { protocol, hostname, port, path, method, headers, body }: SdkRequest,
  abortSignal: unknown,
) {
  const address = `${protocol}//${hostname}${port === undefined ? '' : `:${port}`}${path}`;
  const request = {
    method,
    headers: { ...withoutLength(headers), accept: 'application/json' },
    ...(body === undefined ? {} : { body: textOf(body) }),
    ...(abortSignal instanceof AbortSignal ? { signal: abortSignal } : {}),
  };
  const response = await http(address, request);
  return {
    statusCode: response.status,
    headers: Object.fromEntries(response.headers),
    body: new Uint8Array(await response.arrayBuffer()),
  };
}

/** The JSON body that the SDK passes, as text or bytes, as a string. */
function textOf(body: unknown): string {
  return body instanceof Uint8Array ? new TextDecoder().decode(body) : String(body);
}

/** Drops `content-length` and `host`, which `fetch` sets itself. */
function withoutLength(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !['content-length', 'host'].includes(name.toLowerCase())),
  );
}

/**
 * Maps an SDK error to a transport error, an error response of the service, an invalid response or, without a
 * response, a local configuration error. Drops the SDK's error as the cause: for a page that is not JSON, it
 * quotes the page.
 */
function meaningOf(error: unknown, operation: string, host: string, isAnswered: boolean): Error {
  const transport = findSignInError(error);
  if (transport !== undefined) return transport;
  if (!isServiceException(error)) {
    const local = isAnswered || !(error instanceof Error) ? undefined : safeText(error.message);
    return new SignInError(isAnswered ? 'invalidResponse' : 'configuration', {
      operation,
      host,
      ...(error instanceof Error ? { code: error.name } : {}),
      // A truncated response; the SDK's error message quotes it.
      ...(isAnswered && error instanceof SyntaxError ? { reason: 'cutOff' } : {}),
      ...defined({ description: local }),
    });
  }
  const { httpStatusCode: status } = error.$metadata;
  const requestId = safeId(error.$metadata.requestId);
  const description = safeText(error.error_description);
  const reason = safeId(error.reason)?.replace(/^kms_?/i, 'KMS_');
  const word = typeof error.error === 'string' ? error.error : wordOf(error.name);
  const details = {
    operation,
    host,
    ...defined({ status, description, requestId, reason }),
    ...(typeof error.region === 'string' && isRegion(error.region) ? { region: error.region } : {}),
  };
  return word === undefined
    ? new SignInError('invalidResponse', details)
    : new OAuthErrorResponse(word, details);
}

interface ServiceException extends Error {
  readonly $fault: string;
  readonly $metadata: { readonly httpStatusCode?: number; readonly requestId?: string };
  readonly error?: unknown;
  readonly error_description?: unknown;
  /** The reason code, where the error has one, such as `KMS_DisabledException`. */
  readonly reason?: unknown;
  /** Of InvalidRequestRegionException: the region in which the token is valid. */
  readonly region?: unknown;
}

function isServiceException(error: unknown): error is ServiceException {
  return error instanceof Error && '$fault' in error && '$metadata' in error;
}

/**
 * The OAuth error code of an exception name: `AuthorizationPendingException` is `authorization_pending`. Some
 * responses carry only the name, in a header.
 */
function wordOf(name: string): string | undefined {
  const stem = /^([A-Z][A-Za-z]+)Exception$/.exec(name)?.[1];
  return stem?.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
}
