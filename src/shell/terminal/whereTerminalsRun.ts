import type { EditorEnvironment } from '../../features/editorEnvironment.ts';

/** Whether a window's terminals run on the extension's machine, which may not be so in a remote window. */
export function areTerminalsHere({ remoteName, runs }: EditorEnvironment): boolean {
  return remoteName === undefined || runs === 'workspace';
}
