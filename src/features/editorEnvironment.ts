import type { Host } from './flowTable.ts';

/** What the editor tells about itself. */
export interface EditorEnvironment {
  /** VS Code's `env.uiKind`. */
  readonly ui: 'desktop' | 'web';
  /** VS Code's `env.remoteName`: `ssh-remote`, `wsl`, `dev-container`, `codespaces`; code-server's is its address. */
  readonly remoteName: string | undefined;
  /** How a browser reaches a port of this machine, as `localhost:2128`, where the remote name does not say it: Eclipse Theia. */
  readonly reachedAs?: string;
  /** Where this extension runs: beside the screen, or in the remote. */
  readonly runs: 'ui' | 'workspace';
}

/** The row of the flow table (`flowTable.ts`) that these details lead to. */
export function classifyEnvironment({ ui, remoteName, reachedAs, runs }: EditorEnvironment): Host {
  if (ui === 'desktop') return remoteName !== undefined && runs === 'workspace' ? 'remoteWorkspace' : 'local';
  const place = remoteName ?? reachedAs;
  // Names below `localhost` are this machine too (RFC 6761, 6.3).
  return place !== undefined && /^((?:[\w-]+\.)*localhost|127(?:\.\d{1,3}){3}|\[::1\])(:\d+)?$/.test(place)
    ? 'loopbackWorkbench'
    : 'webWorkbench';
}
