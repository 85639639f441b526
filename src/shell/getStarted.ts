import { commands } from 'vscode';

/** Opens the walkthrough for people who sign in for the first time. An editor without walkthroughs shows nothing. */
export async function openGetStarted(): Promise<void> {
  await openWalkthrough('getStarted');
}

/** Opens a walkthrough of the manifest, by its ID there. */
export async function openWalkthrough(id: string): Promise<void> {
  const category = `developer-sign-in.developer-sign-in#${id}`;
  await Promise.resolve(commands.executeCommand('workbench.action.openWalkthrough', category, false)).catch(
    () => undefined,
  );
}
