import type { Host } from './flowTable.ts';

/** The editor's own description of where it runs. */
export interface EditorEnvironment {
  /** VS Code's `env.uiKind`. */
  readonly ui: 'desktop' | 'web';
  /** VS Code's `env.remoteName`: `ssh-remote`, `wsl`, `dev-container`, `codespaces`; code-server's is its address. */
  readonly remoteName: string | undefined;
  /**
   * The browser's address of a port of this machine, such as `localhost:2128`, where the remote name does not
   * have it (Eclipse Theia).
   */
  readonly reachedAs?: string;
  /** Where this extension runs: with the UI, or in the remote. */
  readonly runs: 'ui' | 'workspace';
}

/** The row of the flow table (`flowTable.ts`) for an environment. */
export function classifyEnvironment({ ui, remoteName, reachedAs, runs }: EditorEnvironment): Host {
  if (ui === 'desktop') return remoteName !== undefined && runs === 'workspace' ? 'remoteWorkspace' : 'local';
  const place = remoteName ?? reachedAs;
  // Names below `localhost` also resolve to this machine (RFC 6761, 6.3).
  return place !== undefined && /^((?:[\w-]+\.)*localhost|127(?:\.\d{1,3}){3}|\[::1\])(:\d+)?$/.test(place)
    ? 'loopbackWorkbench'
    : 'webWorkbench';
}
