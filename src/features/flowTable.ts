import type { HostFlows } from '../core/oauth/flows.ts';

/** Where the editor runs, as far as it decides which flow works. */
export type Host = 'local' | 'remoteWorkspace' | 'loopbackWorkbench' | 'webWorkbench';

/** Which flow works in which host, and why. */
export const flowTable: Readonly<Record<Host, HostFlows>> = {
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
