import { commands } from 'vscode';

const OPEN_WALKTHROUGH = 'workbench.action.openWalkthrough';

/** Whether the editor has walkthroughs: Eclipse Theia does not. What leads to one is not offered there. */
export async function hasWalkthroughs(): Promise<boolean> {
  return (await commands.getCommands(true)).includes(OPEN_WALKTHROUGH);
}

/** Opens the walkthrough for people who sign in for the first time. */
export async function openGetStarted(): Promise<void> {
  await openWalkthrough('getStarted');
}

/** Opens a walkthrough of the manifest, by its ID there. */
export async function openWalkthrough(id: string): Promise<void> {
  const category = `developer-sign-in.developer-sign-in#${id}`;
  await Promise.resolve(commands.executeCommand(OPEN_WALKTHROUGH, category, false)).catch(() => undefined);
}
