import { scopesOf } from '../core/connection/connection.ts';
import type { OidcConnection } from '../core/connection/connection.ts';
import { redirectPath } from '../core/oauth/userInteraction.ts';
import { findSignInError, SignInError } from '../core/oauth/errors.ts';
import type { AuthorizationServer } from '../core/oidc/authorizationServerRecord.ts';
import { checkMetadata } from '../core/oidc/discovery.ts';
import { parseIssuer } from '../input/issuer.ts';
import {
  ownRedirectPath,
  probeRedirectUri,
  redirectPlaceOf,
  redirectUriAt,
  sharedDefense,
} from '../core/oidc/redirectUri.ts';
import type { AuthorizationAnswer } from '../core/oidc/redirectUri.ts';
import { askMetadata } from './askMetadata.ts';
import type { MetadataAnswer } from './askMetadata.ts';
import type { SetupInputs, SetupPorts } from './setupPorts.ts';
import { limitConcurrency, lazily } from './concurrency.ts';

/** Maximum number of concurrent requests of one kind. */
const atATime = 4;

/** Two sample ports for a connection that allows any (RFC 8252, 7.3). */
const samplePorts = [49_321, 61_327];

/** Demands on a sign-in in the metadata, each with the value that a sign-in can meet. */
const signInDemands = {
  code_challenge_methods_supported: ['S256'],
  require_pushed_authorization_requests: false,
  require_signed_request_object: false,
};

/** Lookups shared by several checks of an OpenID Connect provider; each is requested once per run. */
export interface OpenIdLookups {
  /** The response of the issuer's metadata address. */
  metadata(): Promise<MetadataAnswer>;
  /** The provider, validated except for its demands on a sign-in. Rejects as `checkMetadata`. */
  server(): Promise<AuthorizationServer>;
  /** Responses for each redirect URI that a sign-in may use, with the connection's own scopes. */
  redirectUris(): Promise<readonly OpenIdRedirectUri[]>;
}

/** A redirect URI that a sign-in may use, and the provider's response to it. */
export interface OpenIdRedirectUri {
  /** As registered: without a port if any is allowed. */
  readonly shown: string;
  readonly redirectUri: string;
  readonly isOwn: boolean;
  readonly answer: AuthorizationAnswer;
}

/** Creates the lookups of one run; `signal` aborts their requests. */
export function createOpenIdLookups(
  ports: SetupPorts,
  inputs: SetupInputs,
  signal: AbortSignal,
): OpenIdLookups {
  const { http } = ports;
  const issuerOf = (): string => parseIssuer(inputs.oidcClient?.issuer ?? '');
  const metadata = lazily(async () => {
    const [answer] = await askMetadata(http, issuerOf(), signal, ['openid-configuration']);
    return answer ?? { address: issuerOf() };
  });
  const server = lazily(async () => {
    const { document } = await metadata();
    if (document === undefined) throw new SignInError('metadataMissing', { operation: 'metadata' });
    const check = async (metadata: typeof document): Promise<AuthorizationServer> =>
      checkMetadata(issuerOf(), metadata, ports.isSameOrganization, 'partial');
    // A separate check reports demands that fail a sign-in. The endpoints are valid all the same.
    return check(document).catch(async (error: unknown) => {
      const { reason = '' } = findSignInError(error)?.details ?? {};
      if (!['noS256', 'par', 'jar'].includes(reason)) throw error;
      return check({ ...document, ...signInDemands });
    });
  });
  const redirectUris = lazily(async () => {
    const { oidcClient: oidc } = inputs;
    if (oidc === undefined) return [];
    const application = { server: await server(), clientId: oidc.clientId, scopes: scopesOf(oidc) };
    const limited = limitConcurrency(atATime);
    return Promise.all(
      (await wantedUris(oidc, application.server, ports.redirectPorts)).map(async (one) => ({
        ...one,
        answer: await limited(() => probeRedirectUri(http, application, one.redirectUri, signal)),
      })),
    );
  });
  return { metadata, server, redirectUris };
}

/** The redirect URIs that a sign-in may use, in port order, the issuer's own first. */
async function wantedUris(
  connection: OidcConnection,
  server: AuthorizationServer,
  redirectPorts: readonly number[],
): Promise<readonly Omit<OpenIdRedirectUri, 'answer'>[]> {
  const { host, ports, path } = redirectPlaceOf({ ...connection, redirectPorts });
  const own = await ownRedirectPath(server.issuer);
  const usual = sharedDefense(server) === undefined ? [own, redirectPath] : [redirectPath];
  const paths = path === undefined ? usual : [path === 'own' ? own : path];
  return paths.flatMap((one) =>
    ports.flatMap((port) =>
      (port === 0 ? samplePorts : [port]).map((asked) => ({
        shown: port === 0 ? `http://${host}${one}` : redirectUriAt(port, one, host),
        redirectUri: redirectUriAt(asked, one, host),
        isOwn: one === own,
      })),
    ),
  );
}
