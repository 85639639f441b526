/** Device authorization (RFC 8628), or authorization code with PKCE over a redirect (RFC 8252). */
export type FlowName = 'deviceCode' | 'authorizationCode';

/** Which flow a provider begins with where both work: a code to compare, or a redirect. */
export type FlowStyle = 'deviceCodeFirst' | 'redirectFirst';

/** Which flows work on a host. */
export interface HostFlows {
  /** Whether a redirect to `localhost` reaches this program. */
  readonly loopback: 'works' | 'perhaps' | 'never';
  /** The flows for each style, the one to begin with first. */
  readonly order: Readonly<Record<FlowStyle, readonly FlowName[]>>;
}

/**
 * The flows to use for a connection: the wanted one first where the host has it, the others after it.
 * `offered` are those the server has.
 */
export function flowsFor(
  host: HostFlows,
  style: FlowStyle,
  wanted: FlowName | undefined,
  offered: readonly FlowName[],
): readonly FlowName[] {
  const possible = host.order[style].filter((flow) => offered.includes(flow));
  return [...new Set([...possible.filter((flow) => flow === wanted), ...possible])];
}

/** A sign-in, as a flow needs it. */
export interface GrantRequest {
  readonly scopes: readonly string[];
  /** The loopback ports to try, in this order, where the connection has registered ones. */
  readonly redirectPorts: readonly number[];
  /** The redirect URI of the request or its connection, as far as it is fixed (`redirectPlaceOf`). */
  readonly redirectUri?: string;
  /** Has the identity provider ask again, for another account. */
  readonly prompt?: 'login';
  /** Further parameters of the authorization request, as the wire has them; never one that a flow makes itself. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Issuers that the organization's policy names: they need no question. */
  readonly allowedIssuers?: readonly string[] | undefined;
}
