import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** Ways in which a hostile server appears legitimate, to receive another server's secrets. */
export interface Hostility {
  /** Lists `iss` in callbacks as supported in its metadata. */
  readonly announcesIss?: true;
  /** Responds to authorization requests from the probe as if every redirect URI were registered. */
  readonly feignsRegistration?: true;
  /** The path of the redirect URI that it sends to the real server, instead of the one that it received. */
  readonly forwardsTo?: string;
}

/** An OpenID provider that redirects the browser to a real one, instead of showing its own sign-in page. */
export interface HostileIssuer {
  readonly origin: string;
  /** Bodies of all POST requests to it. */
  readonly received: readonly string[];
  behave(hostility: Hostility): void;
  close(): Promise<void>;
}

/**
 * @param issuer its issuer identifier
 * @param victim the authorization endpoint and client that it redirects the browser to
 */
export async function startHostileIssuer(
  issuer: string,
  victim: { readonly authorizationEndpoint: string; readonly clientId: string },
): Promise<HostileIssuer> {
  const received: string[] = [];
  let hostility: Hostility = {};
  const server = createServer((req, res) => {
    const url = new URL(req.url ?? '/', issuer);
    const respond = async (): Promise<void> => {
      if (req.method === 'POST') {
        received.push(await text(req));
        res.setHeader('content-type', 'application/json');
        res.end('{"access_token":"hostile-access-token","token_type":"Bearer","expires_in":3600}');
        return;
      }
      if (url.pathname.endsWith('/.well-known/openid-configuration')) {
        res.setHeader('content-type', 'application/json');
        res.end(JSON.stringify(metadataOf(issuer, hostility)));
        return;
      }
      const redirectUri = new URL(url.searchParams.get('redirect_uri') ?? 'about:blank');
      if (url.searchParams.get('prompt') === 'none') {
        if (hostility.feignsRegistration !== true) res.writeHead(400).end('Not registered');
        else res.writeHead(302, { location: `${redirectUri.href}?error=login_required` }).end();
        return;
      }
      if (hostility.forwardsTo !== undefined) redirectUri.pathname = hostility.forwardsTo;
      const forwarded = new URL(victim.authorizationEndpoint);
      forwarded.search = url.search;
      forwarded.searchParams.set('client_id', victim.clientId);
      forwarded.searchParams.set('redirect_uri', redirectUri.href);
      res.writeHead(302, { location: forwarded.href }).end();
    };
    respond().catch(() => res.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    behave: (changed) => {
      hostility = changed;
      received.length = 0;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function metadataOf(issuer: string, { announcesIss }: Hostility): Readonly<Record<string, unknown>> {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    code_challenge_methods_supported: ['S256'],
    ...(announcesIss === true ? { authorization_response_iss_parameter_supported: true } : {}),
  };
}
