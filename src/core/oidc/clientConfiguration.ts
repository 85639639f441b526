import * as client from 'openid-client';
import type { ClientMetadata, Configuration, CustomFetch } from 'openid-client';
import { defined } from '../defined.ts';
import type { HttpFetch } from '../ports.ts';
import { isLoopbackUrl } from '../text/webAddress.ts';
import { withoutEcho } from '../text/withoutEcho.ts';
import type { AuthorizationServer } from './authorizationServerRecord.ts';

/** The library's view of a server this product has checked before, for one request. */
export async function configurationOf(
  http: HttpFetch,
  server: AuthorizationServer,
  clientId: string,
  signal: AbortSignal,
  metadata?: Partial<ClientMetadata>,
): Promise<Configuration> {
  const configuration = new client.Configuration(
    {
      issuer: server.issuer,
      authorization_endpoint: server.authorizationEndpoint,
      token_endpoint: server.tokenEndpoint,
      ...defined({ revocation_endpoint: server.revocationEndpoint }),
      ...(server.deviceAuthorizationEndpoint === undefined
        ? {}
        : { device_authorization_endpoint: server.deviceAuthorizationEndpoint }),
      authorization_response_iss_parameter_supported: server.issParameter,
      ...defined({ jwks_uri: server.jwksUri }),
      ...(server.idTokenAlgorithms === undefined
        ? {}
        : { id_token_signing_alg_values_supported: [...server.idTokenAlgorithms] }),
    },
    clientId,
    metadata,
    client.None(),
  );
  configuration[client.customFetch] = asCustomFetch(http, signal);
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so to stand out; loopback only
  if (isLoopbackUrl(new URL(server.issuer))) client.allowInsecureRequests(configuration);
  return configuration;
}

/** The library's `fetch` over ours, for one request. */
export function asCustomFetch(http: HttpFetch, signal: AbortSignal): CustomFetch {
  return async (url, { method, headers, body }) => {
    const sent = body === undefined || body === null ? undefined : String(body as URLSearchParams | string);
    const request = {
      method,
      // Every endpoint that is asked here speaks JSON, also where the library wants none; what does not is a proxy's.
      headers: {
        ...headers,
        ...((headers['accept'] ?? '*/*') === '*/*' ? { accept: 'application/json' } : {}),
      },
      signal,
      ...defined({ body: sent }),
    };
    return withoutEcho(await http(url, request), request);
  };
}
