import type { Memento } from 'vscode';
import { describe, expect, test, vi } from 'vitest';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import type { LastRun } from '../../../../src/setup/runChanges.ts';
import type { TestSignIn } from '../../../../src/setup/setupPorts.ts';
import { signInsWith, withEarlierSignIns } from '../../../../src/shell/setup/earlierSignIns.ts';
import { keepRun, runBefore } from '../../../../src/shell/setup/setupChanges.ts';
import { setupReport } from '../../../../src/shell/setup/setupReport.ts';
import { january, oktaConnection } from '../../fakes/examples.ts';
import { fakeClock } from '../../fakes/fakeClock.ts';
import { fakeMemento } from '../../fakes/fakeMemento.ts';
import { setupPorts } from '../../fakes/setupPorts.ts';
import { only, setupRun, signedIn } from '../../fakes/setupRun.ts';

vi.mock('vscode', async () => import('../../fakes/vscode.ts'));

const checks = only('okta.assignments', 'okta.signIn', 'scim.endpoint');
const earlier = (run: ReturnType<typeof setupRun>) =>
  run.resultOf('okta.signIn')?.evidence.find(({ name }) => name === 'earlierSignIns')?.value;

/** A complete run with this test sign-in, compared with the stored run. */
async function runOf(memento: Memento, signIn?: () => Promise<TestSignIn>) {
  const before = runBefore(memento, setupRun().key);
  const run = setupRun({
    checks,
    inputs: { oktaClient: oktaConnection },
    ports: setupPorts({ clock: fakeClock() }),
    ...(before === undefined ? {} : { before }),
    ...(signIn === undefined ? {} : { signIn }),
  });
  await run.run(checks, { testSignIn: signIn === undefined ? 'no' : 'once' });
  await keepRun(memento, run);
  return run;
}

describe('withEarlierSignIns', () => {
  test('lists the earlier test sign-ins and their outcomes below the test sign-in alone, also in the report', async () => {
    const memento = fakeMemento();
    using first = await runOf(memento, async () => signedIn);
    expect(earlier(first)).toBeUndefined(); // The only sign-in is the run's own.
    using second = await runOf(memento, async () => {
      throw new SignInError('cancelled', { reason: 'providerErrorPage' });
    });
    expect(earlier(second)).toEqual([expect.stringMatching(/: Passed$/)]);
    expect(setupReport(second, { has: () => false })).toMatch(/Earlier test sign-ins/);
    using third = await runOf(memento); // Without a test sign-in.
    const both = [expect.stringMatching(/: Failed$/), expect.stringMatching(/: Passed$/)];
    expect(earlier(third)).toEqual(both);
    using fourth = await runOf(memento);
    expect(earlier(fourth)).toEqual(both);
    const result = { state: 'pass', evidence: [] } as const;
    expect(withEarlierSignIns('scim.endpoint', result, fourth.before)).toBe(result);
  });
});

describe('signInsWith', () => {
  test('keeps the last ten, the newest first, each with the worst state of its checks', () => {
    const signIns = Array.from({ length: 10 }, (_, index) => ({ at: index, state: 'pass' as const }));
    const before: LastRun = { finishedAt: 0, outcomes: {}, ends: {}, signIns };
    const resultOf = (id: string) => ({
      state: id === 'okta.assignments' ? ('fail' as const) : ('inconclusive' as const),
      evidence: [],
    });
    const kept = signInsWith(checks, resultOf, january, before);
    expect(kept).toHaveLength(10);
    expect(kept.slice(0, 2)).toEqual([{ at: january, state: 'fail' }, signIns[0]]);
  });
});
