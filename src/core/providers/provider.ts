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

/** The ports that an identity provider is spoken to through. */
export interface ProviderPorts {
  readonly clock: Clock;
  readonly log: Log;
  readonly http: HttpFetch;
  readonly isSameOrganization: IsSameOrganization;
  readonly loopback: LoopbackRedirect;
  readonly secrets: SecretStore;
  readonly ssoOidcAt: SsoOidcAt;
  /** Ends a portal session on the server; rejects when it was not confirmed. */
  readonly portalLogout: (portal: string, accessToken: string, signal: AbortSignal) => Promise<void>;
  /** The endpoint settings of the moment, as far as the organization allows them. */
  readonly endpoints: () => Promise<EndpointTemplates>;
}

/** The issuer of a session at Identity Center. */
export interface IdentityCenterIssuance {
  readonly type: 'identityCenter';
  readonly connection: IdentityCenterConnection;
  readonly endpoints: IdentityCenterEndpoints;
  readonly registration: ClientRegistration;
}

/** The issuer of a session at an OpenID Connect provider. */
export interface OpenIdIssuance<C extends Connection> {
  readonly type: C['type'];
  readonly connection: C;
  readonly server: AuthorizationServer;
  /** How the code of its sign-in came back; absent after a device code, and in records of 0.1.0. */
  readonly redirect?: UsedRedirect;
}

/** The issuance of a connection's type. */
export type IssuanceOf<C extends Connection> = C extends OpenIdConnection
  ? OpenIdIssuance<C>
  : IdentityCenterIssuance;

/** The issuer of a session, which is refreshed, revoked and signed out only there (docs/ARCHITECTURE.md, rule 6). */
export type Issuance = IssuanceOf<Connection>;

/** The same without saying that the types of issuance and connection go together. */
type AnyIssuance = IdentityCenterIssuance | OpenIdIssuance<OpenIdConnection>;

/** The tokens of a sign-in, with what issued them. */
export type Granted<I extends AnyIssuance> = I & { readonly tokenSet: TokenSet };

/** The person, and the other flow that is offered while the browser is open. */
export interface GrantInteraction {
  readonly person: UserInteraction;
  readonly otherFlow: FlowName | undefined;
}

/** A sign-in of which the endpoints are known. */
export interface Attempt<I extends AnyIssuance> {
  /** The flows that the server offers. */
  readonly offered: readonly FlowName[];
  /**
   * Runs one flow. `missingGrant` in the result: the server announces the device grant and this application lacks it.
   * @throws SignInError as the flow fails
   */
  run(flow: FlowName, interaction: GrantInteraction, signal: AbortSignal): Promise<GrantResult<I>>;
}
/** How a flow ended: with tokens, with another way that the person chose, or for lack of a grant. */
export type GrantResult<I extends AnyIssuance> =
  InteractionResult<Granted<I>> | { readonly missingGrant: 'deviceCode' };

/** Who signed in, as far as the tokens tell. */
export interface ProviderAccount {
  /** Stable: made from the connection's own address and the subject, never from an `iss` claim. */
  readonly id: string;
  /** Where it is; different for every issuer and start URL, and without a space. */
  readonly address: string;
  /** The stable identifier within the issuer, where the tokens have one. */
  readonly subject?: string;
  /** The login to show. */
  readonly name?: string;
}

/** The tokens that can name a person; the ID token only where it was validated. */
export interface AccountTokens {
  readonly accessToken: string;
  readonly idToken?: string;
}

/** How one signs in to connections of one type, and keeps their sessions alive. One row of the table in `index.ts`. */
export interface Provider<C extends Connection = Connection, I extends AnyIssuance = IssuanceOf<C>> {
  /** @throws SignInError when the endpoints of the connection cannot be told */
  begin(ports: ProviderPorts, connection: C, request: GrantRequest, signal: AbortSignal): Promise<Attempt<I>>;
  /**
   * One refresh, only where the tokens were issued.
   * @throws SignInError `connectionChanged` when the settings name other endpoints, `grantRevoked`,
   * `registrationRefused`, or as the transport fails
   */
  refresh(
    ports: ProviderPorts,
    session: Granted<I> & { readonly requestedScopes?: readonly string[] },
    refreshToken: string,
    signal: AbortSignal,
  ): Promise<RefreshedTokens>;
  /** Ends the grant on the server. @throws SignInError when the server did not confirm it */
  revoke(ports: ProviderPorts, session: Granted<I>, signal: AbortSignal): Promise<void>;
  /** Secrets of an issuance, beside the tokens. */
  secretsOf(issuance: I): readonly string[];
  account(connection: C, tokens: AccountTokens): ProviderAccount;
  /** As {@link account}, from the ID and the label that release 0.1.0 stored, where the tokens tell nothing. */
  accountOfOldRecord?(connection: C, old: { readonly id: string; readonly label: string }): ProviderAccount;
}
