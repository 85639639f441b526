import { commands } from 'vscode';

const OPEN_WALKTHROUGH = 'workbench.action.openWalkthrough';

/** Whether the editor has walkthroughs, which Eclipse Theia does not; without them, links to one are hidden. */
export async function hasWalkthroughs(): Promise<boolean> {
  return (await commands.getCommands(true)).includes(OPEN_WALKTHROUGH);
}

/** Opens the walkthrough for a first sign-in. */
export async function openGetStarted(): Promise<void> {
  await openWalkthrough('getStarted');
}

/** Opens a walkthrough by its ID in the manifest. */
export async function openWalkthrough(id: string): Promise<void> {
  const category = `developer-sign-in.developer-sign-in#${id}`;
  await Promise.resolve(commands.executeCommand(OPEN_WALKTHROUGH, category, false)).catch(() => undefined);
}
