/** Device authorization (RFC 8628), or authorization code with PKCE over a redirect (RFC 8252). */
export type FlowName = 'deviceCode' | 'authorizationCode';

/** The flow that a provider prefers if both work. */
export type FlowStyle = 'deviceCodeFirst' | 'redirectFirst';

/** The flows that work on a host. */
export interface HostFlows {
  /** Whether a redirect to `localhost` reaches this program. */
  readonly loopback: 'works' | 'perhaps' | 'never';
  /** The flows per style, in order of preference. */
  readonly order: Readonly<Record<FlowStyle, readonly FlowName[]>>;
}

/**
 * The flows for a connection, in order of preference: `wanted` first if the host supports it. Includes only flows
 * that the server supports (`offered`).
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

/** The parameters of a sign-in, as a flow needs them. */
export interface GrantRequest {
  readonly scopes: readonly string[];
  /** The loopback ports to try, in this order, if the connection has registered ports. */
  readonly redirectPorts: readonly number[];
  /** The fixed parts of the redirect URI, from the request or its connection (`redirectUriPartsOf`). */
  readonly redirectUri?: string;
  /** Makes the identity provider prompt again, to use another account. */
  readonly prompt?: 'login';
  /** Extra parameters of the authorization request, by wire name; never one that a flow sets itself. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Issuers that the organization's policy allows, so the user need not confirm them. */
  readonly allowedIssuers?: readonly string[] | undefined;
}
