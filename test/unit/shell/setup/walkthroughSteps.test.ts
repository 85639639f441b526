import { beforeEach, describe, expect, test, vi } from 'vitest';
import { pass, warn } from '../../../../src/setup/checkResult.ts';
import { tickOffWalkthrough } from '../../../../src/shell/setup/walkthroughSteps.ts';
import { screen } from '../../fakes/screen.ts';
import { setupRun } from '../../fakes/setupRun.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeOnScreen.ts'));

beforeEach(() => screen.clear());

describe('tickOffWalkthrough', () => {
  test('tickOffWalkthrough completes a step when all its checks pass, with or without a warning', async () => {
    using run = setupRun();
    const ids = run.checksAt('kiro.oidcApp').map(({ id }) => id);
    vi.spyOn(run, 'resultOf').mockImplementation((id) =>
      ids.includes(id) ? (id === 'okta.loopbackPorts' ? warn('somePortsTaken') : pass()) : undefined,
    );
    await tickOffWalkthrough(run);
    expect(screen.executed).toEqual([['setContext', 'developerSignIn.setup.kiro.oidcApp', true]]);
  });

  test('tickOffWalkthrough leaves steps without checks to the user', async () => {
    using run = setupRun();
    vi.spyOn(run, 'checksAt').mockImplementation((step) =>
      run.checks.filter(
        (check) => check.step === step && (step !== 'kiro.profile' || check.run === undefined),
      ),
    );
    vi.spyOn(run, 'resultOf').mockReturnValue(pass());
    await tickOffWalkthrough(run);
    const ticked = screen.executed.map(([, key]) => key);
    expect(ticked).toContain('developerSignIn.setup.kiro.domain');
    expect(ticked).not.toContain('developerSignIn.setup.kiro.profile');
  });
});
