import type { EditorEnvironment } from '../../features/editorEnvironment.ts';

/** Whether the terminals of a window run on the machine of this extension: in a remote window they may not. */
export function areTerminalsHere({ remoteName, runs }: EditorEnvironment): boolean {
  return remoteName === undefined || runs === 'workspace';
}
