import { scopesOf } from '../core/connection/connection.ts';
import { tryDeviceAuthorization } from '../input/findRegion.ts';
import { parseStartUrl } from '../input/startUrl.ts';
import { SignInError } from '../core/oauth/errors.ts';
import { redirectPath } from '../core/oauth/userInteraction.ts';
import type { AuthorizationServer } from '../core/oidc/authorizationServerRecord.ts';
import { parseIssuer } from '../input/issuer.ts';
import { ownRedirectPath, probeRedirectUri, redirectUriAt, sharedDefense } from '../core/oidc/redirectUri.ts';
import type { AuthorizationProbe } from '../core/oidc/redirectUri.ts';
import { createAwsLookups } from './awsLookups.ts';
import type { AwsLookups } from './awsLookups.ts';
import type { SamlResponseFile } from './samlResponse.ts';
import type { SamlFile, SetupInputs, SetupPorts, TestSignIn } from './setupPorts.ts';
import { limitConcurrency, lazily } from './concurrency.ts';
import { usableServer } from './usableServer.ts';
import { fetchMetadata } from './fetchMetadata.ts';
import type { MetadataResult } from './fetchMetadata.ts';
import { createOktaApi } from './oktaApi.ts';
import type { OktaApi } from './oktaApi.ts';
import { createOpenIdLookups } from './openIdLookups.ts';
import type { OpenIdLookups } from './openIdLookups.ts';
import { personIn, searchUsers } from './scimRequests.ts';
import type { ScimResult, ScimPerson } from './scimRequests.ts';

/** Maximum number of concurrent requests of one kind. */
const atATime = 4;

/** Lookups shared by several checks; each is requested once per run, on first use. */
export interface Lookups {
  /** Responses of the issuer's two metadata addresses. */
  metadata(): Promise<readonly MetadataResult[]>;
  /** The authorization server, with a validated address for each endpoint. Rejects as `checkMetadata`. */
  authorizationServer(): Promise<AuthorizationServer>;
  /**
   * Responses for each redirect URI with the connection's own scopes, in port order; the issuer's own URIs come
   * first, if it needs them (`redirectUri.ts`).
   */
  redirectUris(): Promise<readonly RedirectUriResult[]>;
  /** The response for the Kiro IDE's own redirect URI. */
  kiroRedirectUri(): Promise<AuthorizationProbe>;
  /** A registered redirect URI, at which the server answers requests for scopes; undefined if none is. */
  registeredUri(): Promise<Pick<RedirectUriResult, 'redirectUri' | 'answer'> | undefined>;
  /** The response to the connection's scopes with a made-up one; undefined without a registered redirect URI. */
  madeUpScope(): Promise<AuthorizationProbe | undefined>;
  /** Rejects if the region does not know the start URL or could not be asked. */
  deviceAuthorization(): Promise<void>;
  /** The region of the Identity Center once verified; others are compared with it only then. */
  region(): Promise<string | undefined>;
  /** The parsed metadata file. */
  saml(): Promise<SamlFile>;
  /** The parsed SAML response. */
  samlResponse(): Promise<SamlResponseFile>;
  /** The users with the person's login; without a person, a search for a made-up login. */
  users(): Promise<ScimResult<readonly unknown[]>>;
  person(): Promise<ScimResult<ScimPerson | undefined>>;
  /** Okta's API, read with the administrator's credential. */
  readonly okta: OktaApi;
  /** AWS's own APIs. */
  readonly aws: AwsLookups;
  /** Lookups for any OpenID Connect provider. */
  readonly openId: OpenIdLookups;
  /** The session of the test sign-in. Rejects as a sign-in does. */
  testSignIn(): Promise<TestSignIn>;
}

/** The redirect URI of the Kiro IDE's own sign-in, the eleventh of the guide's newer edition. */
export const kiroRedirectUri = 'kiro://kiro.oauth/callback';

/** A made-up scope. A server that accepts it does not check scopes before the sign-in. */
const madeUpScope = 'developer-sign-in-check:none';

/** A redirect URI, and the server's response to it. */
export interface RedirectUriResult {
  readonly redirectUri: string;
  readonly isOwn: boolean;
  readonly answer: AuthorizationProbe;
}

/** Creates the lookups of one run; `signal` aborts their requests. */
export function createLookups(ports: SetupPorts, inputs: SetupInputs, signal: AbortSignal): Lookups {
  const { http } = ports;
  const metadata = lazily(async () =>
    fetchMetadata(http, parseIssuer(inputs.oktaClient?.issuer ?? ''), signal),
  );
  const authorizationServer = lazily(async () => {
    const issuer = parseIssuer(inputs.oktaClient?.issuer ?? '');
    const document = (await metadata()).map((answer) => answer.document).find((one) => one !== undefined);
    if (document === undefined) throw new SignInError('metadataMissing', { operation: 'metadata' });
    return usableServer(issuer, document, ports.isSameOrganization, 'complete');
  });
  const redirectUris = lazily(async () => {
    const { oktaClient: okta } = inputs;
    if (okta === undefined) return [];
    const server = await authorizationServer();
    const application = { server, clientId: okta.clientId, scopes: scopesOf(okta) };
    const shared = ports.redirectPorts.map((port) => ({
      isOwn: false,
      redirectUri: redirectUriAt(port, redirectPath),
    }));
    const path = await ownRedirectPath(server.issuer);
    const own = shared.map((_, index) => ({
      isOwn: true,
      redirectUri: redirectUriAt(ports.redirectPorts[index] ?? 0, path),
    }));
    const asked = sharedDefense(server) === undefined ? [...own, ...shared] : shared;
    const limited = limitConcurrency(atATime);
    return Promise.all(
      asked.map(async (one) => ({
        ...one,
        answer: await limited(() => probeRedirectUri(http, application, one.redirectUri, signal)),
      })),
    );
  });
  const probe = async (redirectUri: string, more: readonly string[] = []): Promise<AuthorizationProbe> => {
    const { clientId = '', scopes = [] } =
      inputs.oktaClient === undefined ? {} : { ...inputs.oktaClient, scopes: scopesOf(inputs.oktaClient) };
    const application = { server: await authorizationServer(), clientId, scopes: [...scopes, ...more] };
    return probeRedirectUri(http, application, redirectUri, signal);
  };
  const atKiro = lazily(async () => probe(kiroRedirectUri));
  const registeredUri = lazily(async () => {
    const found = (await redirectUris()).find(({ answer }) => answer.registration === 'registered');
    if (found !== undefined) return found;
    const answer = await atKiro();
    return answer.registration === 'registered' ? { redirectUri: kiroRedirectUri, answer } : undefined;
  });
  const deviceAuthorization = lazily(async () => {
    const { accessPortal: identityCenter } = inputs;
    if (identityCenter === undefined) throw new SignInError('invalidInput', { operation: 'startUrl' });
    const { clock, ssoOidcAt, endpoints: templates } = ports;
    const { region } = identityCenter;
    const startUrl = parseStartUrl(identityCenter.startUrl, region).url;
    const scopes = scopesOf(identityCenter);
    await tryDeviceAuthorization({ clock, ssoOidcAt, templates }, { region, startUrl, scopes }, signal);
  });
  const users = lazily(async () => searchUsers(http, inputs, signal));
  return {
    metadata,
    authorizationServer,
    redirectUris,
    kiroRedirectUri: atKiro,
    registeredUri,
    madeUpScope: lazily(async () => {
      const registered = await registeredUri();
      return registered === undefined ? undefined : probe(registered.redirectUri, [madeUpScope]);
    }),
    deviceAuthorization,
    region: lazily(() =>
      deviceAuthorization().then(
        () => inputs.accessPortal?.region,
        () => undefined,
      ),
    ),
    saml: lazily(async () => ports.readSamlMetadata(inputs.metadataXml ?? '')),
    samlResponse: lazily(async () => ports.readSamlResponse(inputs.samlResponse ?? '')),
    okta: createOktaApi(ports, inputs, signal),
    aws: createAwsLookups(ports, inputs, signal),
    openId: createOpenIdLookups(ports, inputs, signal),
    users,
    person: lazily(async () => personIn(await users(), inputs)),
    testSignIn: lazily(async () => {
      if (ports.signIn === undefined) throw new SignInError('signInNeeded', { operation: 'testSignIn' });
      return ports.signIn(signal);
    }),
  };
}
