import { EXTENSION_ID } from '../host/scene.ts';

/** Our extension, and the one that it is compared with. */
export const SUBJECTS = { ours: EXTENSION_ID, gitHub: 'vscode.github-authentication' } as const;

export type Subject = keyof typeof SUBJECTS;
