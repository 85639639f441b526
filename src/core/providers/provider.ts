import type { Connection, IdentityCenterConnection, OpenIdConnection } from '../connection/connection.ts';
import type { ClientRegistration } from '../identityCenter/registration.ts';
import type { EndpointTemplates, IdentityCenterEndpoints } from '../identityCenter/endpoints.ts';
import type { SsoOidcAt } from '../identityCenter/ssoOidc.ts';
import type { FlowName, GrantRequest } from '../oauth/flows.ts';
import type { LoopbackRedirect } from '../oauth/loopbackRedirect.ts';
import type { RefreshedTokens, TokenSet } from '../oauth/tokenSet.ts';
import type { InteractionResult, UserInteraction } from '../oauth/userInteraction.ts';
import type { AuthorizationServer, UsedRedirect } from '../oidc/authorizationServerRecord.ts';
import type { Clock, HttpFetch, IsSameOrganization, Log, SecretStore } from '../ports.ts';

/** The ports that identity providers use. */
export interface ProviderPorts {
  readonly clock: Clock;
  readonly log: Log;
  readonly http: HttpFetch;
  readonly isSameOrganization: IsSameOrganization;
  readonly loopback: LoopbackRedirect;
  readonly secrets: SecretStore;
  readonly ssoOidcAt: SsoOidcAt;
  /** Ends a portal session on the server; rejects if the server does not confirm it. */
  readonly portalLogout: (portal: string, accessToken: string, signal: AbortSignal) => Promise<void>;
  /** The current endpoint settings that the organization allows. */
  readonly endpoints: () => Promise<EndpointTemplates>;
}

/** The issuer of an Identity Center session. */
export interface IdentityCenterIssuance {
  readonly type: 'identityCenter';
  readonly connection: IdentityCenterConnection;
  readonly endpoints: IdentityCenterEndpoints;
  readonly registration: ClientRegistration;
}

/** The issuer of an OpenID Connect session. */
export interface OpenIdIssuance<C extends Connection> {
  readonly type: C['type'];
  readonly connection: C;
  readonly server: AuthorizationServer;
  /** The redirect URI of the sign-in; absent after a device code, and in records of 0.1.0. */
  readonly redirect?: UsedRedirect;
}

/** The issuance for a connection's type. */
export type IssuanceOf<C extends Connection> = C extends OpenIdConnection
  ? OpenIdIssuance<C>
  : IdentityCenterIssuance;

/** The issuer of a session; refresh, revocation and sign-out happen only there (docs/ARCHITECTURE.md, rule 6). */
export type Issuance = IssuanceOf<Connection>;

/** Like {@link Issuance}, without pairing the types of issuance and connection. */
type AnyIssuance = IdentityCenterIssuance | OpenIdIssuance<OpenIdConnection>;

/** The tokens of a sign-in, and their issuer. */
export type Granted<I extends AnyIssuance> = I & { readonly tokenSet: TokenSet };

/** The user interaction, and the other flow to offer while the browser is open. */
export interface GrantInteraction {
  readonly user: UserInteraction;
  readonly otherFlow: FlowName | undefined;
}

/** A sign-in with known endpoints. */
export interface Attempt<I extends AnyIssuance> {
  readonly offered: readonly FlowName[];
  /**
   * Runs one flow. Returns `missingGrant` if the server announces the device grant but this application lacks it.
   * @throws SignInError as the flow fails
   */
  run(flow: FlowName, interaction: GrantInteraction, signal: AbortSignal): Promise<GrantResult<I>>;
}
/** The outcome of a flow: tokens, another way that the user chose, or a missing grant. */
export type GrantResult<I extends AnyIssuance> =
  InteractionResult<Granted<I>> | { readonly missingGrant: 'deviceCode' };

/** The signed-in account, as far as the tokens identify it. */
export interface ProviderAccount {
  /** Stable: derived from the connection's own address and the subject, never from an `iss` claim. */
  readonly id: string;
  /** Location of the account: unique to its issuer or start URL, without spaces. */
  readonly address: string;
  /** Stable identifier within the issuer, if the tokens have one. */
  readonly subject?: string;
  /** The login to display. */
  readonly name?: string;
}

/** Tokens that can identify a user. The ID token is present only if it was validated. */
export interface AccountTokens {
  readonly accessToken: string;
  readonly idToken?: string;
}

/** Signs in to connections of one type, and maintains their sessions. One row of the table in `index.ts`. */
export interface Provider<C extends Connection = Connection, I extends AnyIssuance = IssuanceOf<C>> {
  /** @throws SignInError if the connection's endpoints cannot be determined */
  begin(ports: ProviderPorts, connection: C, request: GrantRequest, signal: AbortSignal): Promise<Attempt<I>>;
  /**
   * Refreshes once, only where the tokens were issued.
   * @throws SignInError `connectionChanged` if the settings name other endpoints, `grantRevoked`,
   * `registrationRefused`, or as the transport fails
   */
  refresh(
    ports: ProviderPorts,
    session: Granted<I> & { readonly requestedScopes?: readonly string[] },
    refreshToken: string,
    signal: AbortSignal,
  ): Promise<RefreshedTokens>;
  /** Ends the grant on the server. @throws SignInError if the server did not confirm it */
  revoke(ports: ProviderPorts, session: Granted<I>, signal: AbortSignal): Promise<void>;
  /** Deletes the secrets that are stored beside a session's record, at its sign-out. */
  forgetClient?(ports: Pick<ProviderPorts, 'clock' | 'secrets'>, issuance: I): Promise<void>;
  /** Secrets of an issuance other than its tokens. */
  secretsOf(issuance: I): readonly string[];
  account(connection: C, tokens: AccountTokens): ProviderAccount;
  /** Like {@link account}, from the ID and label that release 0.1.0 stored, if the tokens do not identify the user. */
  accountOfOldRecord?(connection: C, old: { readonly id: string; readonly label: string }): ProviderAccount;
}
