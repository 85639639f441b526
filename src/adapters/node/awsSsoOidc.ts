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

/** What the SDK hands to a request handler, as far as it is used here. */
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
 * The SSO-OIDC API through the AWS SDK, over our own `http`: so that one place bounds
 * time and size, and what a proxy says is not taken for the service. The SDK decides nothing by itself: where its
 * environment variables or `~/.aws/config` could speak, it is told.
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
        // A signal that aborts before the SDK gets to our `http` makes it throw an error of its own.
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
 * A client that takes only what stands here. Each member answers one that the SDK would otherwise look up (its
 * `runtimeConfig`); what only a middleware looks up goes with the middleware. The SDK's own retries are off: a grant
 * that was spent and sent again would come back as InvalidGrant.
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
  // It copies Lambda's trace from the environment into a header.
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

/** The SDK hands over JSON, as text or as its bytes. */
function textOf(body: unknown): string {
  return body instanceof Uint8Array ? new TextDecoder().decode(body) : String(body);
}

/** `fetch` counts the body itself and refuses to be told the host. */
function withoutLength(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !['content-length', 'host'].includes(name.toLowerCase())),
  );
}

/**
 * The transport's error, the service's refusal, an invalid response, or, where nothing was answered, what keeps this
 * machine from asking. The SDK's error is not kept as the cause: one for a page that is not JSON quotes the page.
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
      // An answer that was cut off; the message of the SDK's error quotes it.
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
  /** Which rule the request broke, where the error has one: `KMS_DisabledException`. */
  readonly reason?: unknown;
  /** Of InvalidRequestRegionException: the region in which a token may be used. */
  readonly region?: unknown;
}

function isServiceException(error: unknown): error is ServiceException {
  return error instanceof Error && '$fault' in error && '$metadata' in error;
}

/** `AuthorizationPendingException` is `authorization_pending`: an answer may carry the name in its header only. */
function wordOf(name: string): string | undefined {
  const stem = /^([A-Z][A-Za-z]+)Exception$/.exec(name)?.[1];
  return stem?.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
}
