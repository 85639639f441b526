import { commands } from 'vscode';
import { passes } from '../../setup/checkResult.ts';
import { steps } from '../../setup/setupGuides.ts';
import type { SetupRun } from './setupRun.ts';

/**
 * Checks off the steps of the administrators' walkthrough that passed. Steps without automatic checks are left
 * to the user.
 */
export async function tickOffWalkthrough(run: SetupRun): Promise<void> {
  for (const step of steps[run.document]) {
    const checks = run.checksAt(step).filter((check) => check.run !== undefined);
    const isRight = checks.every(({ id }) => passes(run.resultOf(id)));
    if (checks.length > 0 && isRight)
      await commands.executeCommand('setContext', `developerSignIn.setup.${step}`, true);
  }
}
