import { EXTENSION_ID } from '../host/scene.ts';

/** Our extension, and the one for comparison. */
export const SUBJECTS = { ours: EXTENSION_ID, gitHub: 'vscode.github-authentication' } as const;

/** Starts at the end of startup, as ours does; activates in a few milliseconds. */
export const BESIDE_OURS = 'probe.probe';

export type Subject = keyof typeof SUBJECTS;
