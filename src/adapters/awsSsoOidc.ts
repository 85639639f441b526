import { abortError, findSignInError, SignInError } from '../core/errors.ts';
import { OAuthRefusal } from '../core/oauthRefusal.ts';
import type { HttpFetch, SsoOidc, SsoOidcAt } from '../core/ports.ts';
import { safeId, safeText } from '../core/safeText.ts';

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
 * The SSO-OIDC API through the AWS SDK, loaded on first use, over our own `http`: so that one place bounds
 * time and size, and what a proxy says is not taken for the service. The SDK's own retries are off: a grant
 * that was spent and sent again would come back as InvalidGrant.
 */
export function createSsoOidcAt(http: HttpFetch): SsoOidcAt {
  return ({ region, url }) => {
    const host = new URL(url).host;
    const open = async () => {
      const sdk = await import('@aws-sdk/client-sso-oidc');
      const handle = async (request: SdkRequest, options: { abortSignal?: unknown } = {}) => {
        const { protocol, hostname, port, path, method, headers, body } = request;
        const address = `${protocol}//${hostname}${port === undefined ? '' : `:${port}`}${path}`;
        const { abortSignal } = options;
        const response = await http(address, {
          method,
          headers: withoutLength(headers),
          ...(body === undefined ? {} : { body: textOf(body) }),
          ...(abortSignal instanceof AbortSignal ? { signal: abortSignal } : {}),
        });
        return {
          response: {
            statusCode: response.status,
            headers: Object.fromEntries(response.headers),
            body: new Uint8Array(await response.arrayBuffer()),
          },
        };
      };
      const client = new sdk.SSOOIDCClient({
        region,
        endpoint: url,
        maxAttempts: 1,
        requestHandler: { handle },
      });
      return { sdk, client };
    };
    let opened: ReturnType<typeof open> | undefined;
    const connect = () => (opened ??= open());
    const ask = async (
      operation: string,
      signal: AbortSignal,
      send: () => Promise<unknown>,
    ): Promise<unknown> => {
      try {
        return await send();
      } catch (error) {
        // A signal that aborts before the SDK gets to our `http` makes it throw an error of its own.
        if (signal.aborted) throw abortError(signal, { operation, host });
        throw meaningOf(error, operation, host);
      }
    };
    const oidc: SsoOidc = {
      registerClient: (request, signal) =>
        ask('registerClient', signal, async () => {
          const { sdk, client } = await connect();
          const { scopes, grantTypes, redirectUris, ...rest } = request;
          const input = {
            ...rest,
            scopes: [...scopes],
            grantTypes: [...grantTypes],
            ...(redirectUris === undefined ? {} : { redirectUris: [...redirectUris] }),
          };
          return client.send(new sdk.RegisterClientCommand(input), { abortSignal: signal });
        }),
      startDeviceAuthorization: (request, signal) =>
        ask('startDeviceAuthorization', signal, async () => {
          const { sdk, client } = await connect();
          return client.send(new sdk.StartDeviceAuthorizationCommand(request), { abortSignal: signal });
        }),
      createToken: (request, signal) =>
        ask('createToken', signal, async () => {
          const { sdk, client } = await connect();
          return client.send(new sdk.CreateTokenCommand(request), { abortSignal: signal });
        }),
    };
    return oidc;
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
 * The transport's error, the service's refusal, or an answer that is none. The SDK's error is not kept as the
 * cause: one for a page that is no JSON quotes the page.
 */
function meaningOf(error: unknown, operation: string, host: string): Error {
  const transport = findSignInError(error);
  if (transport !== undefined) return transport;
  if (!isServiceException(error)) {
    return new SignInError('invalidResponse', {
      operation,
      host,
      ...(error instanceof Error ? { code: error.name } : {}),
    });
  }
  const { httpStatusCode: status } = error.$metadata;
  const requestId = safeId(error.$metadata.requestId);
  const description = safeText(error.error_description);
  const word = typeof error.error === 'string' ? error.error : wordOf(error.name);
  const facts = {
    operation,
    host,
    ...(status === undefined ? {} : { status }),
    ...(description === undefined ? {} : { description }),
    ...(requestId === undefined ? {} : { requestId }),
  };
  return word === undefined ? new SignInError('invalidResponse', facts) : new OAuthRefusal(word, facts);
}

interface ServiceException extends Error {
  readonly $fault: string;
  readonly $metadata: { readonly httpStatusCode?: number; readonly requestId?: string };
  readonly error?: unknown;
  readonly error_description?: unknown;
}

function isServiceException(error: unknown): error is ServiceException {
  return error instanceof Error && '$fault' in error && '$metadata' in error;
}

/** `AuthorizationPendingException` is `authorization_pending`: an answer may carry the name in its header only. */
function wordOf(name: string): string | undefined {
  const stem = /^([A-Z][A-Za-z]+)Exception$/.exec(name)?.[1];
  return stem?.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
}
