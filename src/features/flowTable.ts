import type { HostFlows } from '../core/oauth/flows.ts';

/** Where the editor runs, as far as it affects the choice of a flow. */
export type Host = 'local' | 'remoteWorkspace' | 'loopbackWorkbench' | 'webWorkbench';

/** The flows that work in each host, with reasons. */
export const flowTable: Readonly<Record<Host, HostFlows>> = {
  // The extension prefers to run beside the browser, including with Remote-SSH, WSL, containers and desktop
  // Codespaces: `localhost` is then the same machine for both.
  local: {
    loopback: 'works',
    order: {
      deviceCodeFirst: ['deviceCode', 'authorizationCode'],
      redirectFirst: ['authorizationCode', 'deviceCode'],
    },
  },
  // Forced to run in the remote: the browser's `localhost` is another machine. The user can paste the callback
  // URL; a device code needs no redirect.
  remoteWorkspace: {
    loopback: 'never',
    order: { deviceCodeFirst: ['deviceCode'], redirectFirst: ['deviceCode', 'authorizationCode'] },
  },
  // A workbench in a browser, served from a loopback address: that browser is probably on this machine. An SSH
  // tunnel looks the same, so the user can also paste the callback URL or use a device code.
  loopbackWorkbench: {
    loopback: 'perhaps',
    order: {
      deviceCodeFirst: ['deviceCode', 'authorizationCode'],
      redirectFirst: ['authorizationCode', 'deviceCode'],
    },
  },
  // Codespaces in a browser, or a workbench behind a host name: the browser is on another machine.
  webWorkbench: {
    loopback: 'never',
    order: { deviceCodeFirst: ['deviceCode'], redirectFirst: ['deviceCode', 'authorizationCode'] },
  },
};
