import { EXTENSION_ID } from '../host/scene.ts';

/** Our extension, and the one for comparison. */
export const SUBJECTS = { ours: EXTENSION_ID, gitHub: 'vscode.github-authentication' } as const;

export type Subject = keyof typeof SUBJECTS;
