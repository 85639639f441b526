import { scopesOf } from '../core/connection/connection.ts';
import type { OidcConnection } from '../core/connection/connection.ts';
import { redirectPath } from '../core/oauth/userInteraction.ts';
import { SignInError } from '../core/oauth/errors.ts';
import type { AuthorizationServer } from '../core/oidc/authorizationServerRecord.ts';
import { isSameIssuer } from '../core/oidc/discovery.ts';
import { parseIssuer } from '../input/issuer.ts';
import {
  ownRedirectPath,
  probeRedirectUri,
  redirectUriPartsOf,
  redirectUriAt,
  sharedDefense,
} from '../core/oidc/redirectUri.ts';
import type { AuthorizationProbe } from '../core/oidc/redirectUri.ts';
import { isOktaOrganization } from '../core/oidc/oktaDomains.ts';
import { fetchMetadata, hasNoMetadata } from './fetchMetadata.ts';
import type { MetadataResult } from './fetchMetadata.ts';
import type { SetupInputs, SetupPorts } from './setupPorts.ts';
import { limitConcurrency, lazily } from './concurrency.ts';
import { usableServer } from './usableServer.ts';

/** Maximum number of concurrent requests of one kind. */
const atATime = 4;

/** Two sample ports for a connection that allows any (RFC 8252, 7.3). */
const samplePorts = [49_321, 61_327];

/** Path segments before the name of a server: an address above such a name belongs to another server. */
const serverNames = /\/(?:realms|oauth2|tenants?|organizations|application|as)(?:\/|$)/i;
/** Maximum number of addresses above an issuer to ask for metadata. */
const maximumAbove = 3;

/** Lookups shared by several checks of an OpenID Connect provider; each is requested once per run. */
export interface OpenIdLookups {
  /** The response of the issuer's metadata address. */
  metadata(): Promise<MetadataResult>;
  /** The metadata that the checks use: the issuer's, or those of the nearest address above it. */
  nearest(): Promise<MetadataResult & { readonly issuer: string }>;
  /** The provider, with a validated address for each endpoint. Rejects as `checkMetadata`. */
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
  readonly answer: AuthorizationProbe;
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
    const [answer] = await fetchMetadata(http, issuerOf(), signal, ['openid-configuration']);
    return answer ?? { address: issuerOf() };
  });
  const nearest = lazily(async () => {
    const issuer = issuerOf();
    const typed = await metadata();
    if (!hasNoMetadata(typed)) return { ...typed, issuer };
    for (const above of addressesAbove(issuer)) {
      const [answer] = await fetchMetadata(http, above, signal, ['openid-configuration']);
      if (answer?.document !== undefined && isSameIssuer(answer.document.issuer, above))
        return { ...answer, issuer: above };
    }
    return { ...typed, issuer };
  });
  const server = lazily(async () => {
    const { document, issuer } = await nearest();
    if (document === undefined) throw new SignInError('metadataMissing', { operation: 'metadata' });
    return usableServer(issuer, document, ports.isSameOrganization, 'partial');
  });
  const redirectUris = lazily(async () => {
    const { oidcClient: oidc } = inputs;
    if (oidc === undefined) return [];
    const application = { server: await server(), clientId: oidc.clientId, scopes: scopesOf(oidc) };
    const { document } = await nearest();
    const limited = limitConcurrency(atATime);
    const ask = async (issuer: string): Promise<readonly OpenIdRedirectUri[]> =>
      Promise.all(
        (await wantedUris(oidc, { ...application.server, issuer }, ports.redirectPorts)).map(async (one) => ({
          ...one,
          answer: await limited(() => probeRedirectUri(http, application, one.redirectUri, signal)),
        })),
      );
    const answers = await ask(application.server.issuer);
    const named = document?.issuer ?? '';
    if (isSameIssuer(named, application.server.issuer) || !URL.canParse(named)) return answers;
    // Which of two issuers is right shows later; the one whose redirect URIs are registered is likelier.
    const others = await ask(named);
    const registered = (those: readonly OpenIdRedirectUri[]): number =>
      those.filter(({ answer }) => answer.registration === 'registered').length;
    return registered(others) > registered(answers) ? others : answers;
  });
  return { metadata, nearest, server, redirectUris };
}

/** The addresses above an issuer of which it may be a page, nearest first; none that is another server's. */
function addressesAbove(issuer: string): readonly string[] {
  const { origin, pathname, hostname } = new URL(issuer);
  if (isOktaOrganization(hostname)) return [];
  const parts = pathname.split('/').filter((part) => part !== '');
  return parts
    .map((_, index) => parts.slice(0, index))
    .reverse()
    .slice(0, maximumAbove)
    .filter((kept) => !serverNames.test(`/${parts.slice(Math.max(0, kept.length - 1)).join('/')}`))
    .map((kept) => [origin, ...kept].join('/'));
}

/** The redirect URIs that a sign-in may use, in port order, the issuer's own first. */
async function wantedUris(
  connection: OidcConnection,
  server: AuthorizationServer,
  redirectPorts: readonly number[],
): Promise<readonly Omit<OpenIdRedirectUri, 'answer'>[]> {
  const { host, ports, path } = redirectUriPartsOf({ ...connection, redirectPorts });
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
