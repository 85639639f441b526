/** Device authorization (RFC 8628), or authorization code with PKCE over a redirect (RFC 8252). */
export type FlowName = 'deviceCode' | 'authorizationCode';

/** Which flow a provider begins with where both work: a code to compare, or a redirect. */
export type FlowStyle = 'deviceCodeFirst' | 'redirectFirst';

/** Where the editor runs, as far as it decides which flow works. */
export type Host = 'local' | 'remoteWorkspace' | 'loopbackWorkbench' | 'webWorkbench';

/** A row of the flow table. */
export interface EnvironmentFlows {
  /** Whether a redirect to `localhost` reaches the extension. */
  readonly loopback: 'works' | 'perhaps' | 'never';
  /** The flows for each style, the one to begin with first. */
  readonly order: Readonly<Record<FlowStyle, readonly FlowName[]>>;
}

/** Which flow works in which host, and why. */
export const flowTable: Readonly<Record<Host, EnvironmentFlows>> = {
  // The extension prefers to run beside the browser, also under Remote-SSH, WSL, containers and desktop Codespaces:
  // then `localhost` is the same machine for both.
  local: {
    loopback: 'works',
    order: {
      deviceCodeFirst: ['deviceCode', 'authorizationCode'],
      redirectFirst: ['authorizationCode', 'deviceCode'],
    },
  },
  // It was made to run in the remote: the browser's `localhost` is another machine. What the browser came to can
  // be pasted; a device code needs no way back at all.
  remoteWorkspace: {
    loopback: 'never',
    order: { deviceCodeFirst: ['deviceCode'], redirectFirst: ['deviceCode', 'authorizationCode'] },
  },
  // A workbench in a browser, served from a loopback address: that browser is probably on this machine. An SSH tunnel
  // looks the same, so pasting and the device code stand beside it.
  loopbackWorkbench: {
    loopback: 'perhaps',
    order: {
      deviceCodeFirst: ['deviceCode', 'authorizationCode'],
      redirectFirst: ['authorizationCode', 'deviceCode'],
    },
  },
  // Codespaces in a browser, or a workbench behind a host name: the extension's machine is not the browser's.
  webWorkbench: {
    loopback: 'never',
    order: { deviceCodeFirst: ['deviceCode'], redirectFirst: ['deviceCode', 'authorizationCode'] },
  },
};

/**
 * The flows to use for a connection: the wanted one first where the host has it, the others after it.
 * `offered` are those the server has.
 */
export function flowsFor(
  host: Host,
  style: FlowStyle,
  wanted: FlowName | undefined,
  offered: readonly FlowName[],
): readonly FlowName[] {
  const possible = flowTable[host].order[style].filter((flow) => offered.includes(flow));
  return [...new Set([...possible.filter((flow) => flow === wanted), ...possible])];
}

/** What a sign-in asks for. */
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
