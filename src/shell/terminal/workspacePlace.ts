import { workspace } from 'vscode';
import type { ShellContext } from '../context.ts';

/** Identifies this workspace on this machine; undefined in a window without one, where nothing is remembered. */
export function workspacePlace({ terminals }: Pick<ShellContext, 'terminals'>): string | undefined {
  const address = (workspace.workspaceFile ?? workspace.workspaceFolders?.[0]?.uri)?.toString();
  return address === undefined ? undefined : `${terminals.hostName} ${address}`;
}
