import { describe, expect, test, vi } from 'vitest';
import { checksOf } from '../../../../src/setup/checks/index.ts';
import type { LastRun } from '../../../../src/setup/runChanges.ts';
import {
  changesHeading,
  changesOf,
  changesSummary,
  changeTexts,
  keepRun,
  runBefore,
  unchangedText,
} from '../../../../src/shell/setup/setupChanges.ts';
import { setupReport } from '../../../../src/shell/setup/setupReport.ts';
import { setupReportHtml } from '../../../../src/shell/setup/setupReportHtml.ts';
import { day, january } from '../../fakes/examples.ts';
import { fakeClock } from '../../fakes/fakeClock.ts';
import { fakeMemento } from '../../fakes/fakeMemento.ts';
import { jwt } from '../../fakes/jwt.ts';
import { setupPorts } from '../../fakes/setupPorts.ts';
import { only, setupRun } from '../../fakes/setupRun.ts';

vi.mock('vscode', async () => import('../../fakes/vscode.ts'));

const none = { has: () => false };
const scimEndpoint = 'https://scim.us-east-1.amazonaws.com/1/scim/v2';
const before: LastRun = {
  finishedAt: january - 10 * day,
  outcomes: { 'okta.loopbackPorts': 'passed', 'scim.endpoint': 'failed', 'scim.token': 'passed' },
  ends: { scimToken: january + 5 * day },
};
const scimToken = jwt({ exp: (january + 300 * day) / 1000, jti: 'a-secret' });

/** A run with a port in use and a new token; the second one, if one was stored. */
async function checked(kept?: LastRun) {
  const run = setupRun({
    ...(kept === undefined ? {} : { before: kept }),
    inputs: { scimEndpoint },
    ports: setupPorts({
      clock: fakeClock(),
      http: async () => Response.json({ Resources: [] }),
      loopbackPorts: async () => [{ port: 2128, address: '::1', code: 'EADDRINUSE' }],
    }),
  });
  await run.run(only('okta.loopbackPorts', 'scim.endpoint', 'scim.token'), { testSignIn: 'no', scimToken });
  return run;
}

describe('changesOf', () => {
  test('lists the checks that changed, and new expiry dates, each with its previous value', async () => {
    using run = await checked(before);
    const changes = changesOf(run);
    if (changes === undefined) throw new Error('There was a run before.');
    expect(changesHeading(changes)).toMatch(/^Changes since Dec 22, 2025, /);
    expect(changesSummary(changes)).toBe('1 now with a warning · 1 now passing · 1 new expiration date');
    expect(changeTexts(run, changes).map(({ title, change }) => `${title}: ${change}`)).toEqual([
      'Callback ports on this computer: Passed → Warning',
      'SCIM endpoint: Failed → Passed',
      'Token expires: Jan 6, 2026 → Oct 28, 2026',
    ]);
    expect(unchangedText(run)).toBeUndefined();
  });

  test('is empty while the checks run, and for a first run', async () => {
    using first = await checked();
    expect(changesOf(first)).toBeUndefined();
    using run = setupRun({ before });
    const running = run.run(only('scim.endpoint'), { testSignIn: 'no' });
    expect(changesOf(run)).toBeUndefined();
    await running;
    expect(changesOf(run)).toBeDefined();
  });

  test('stood in the reports before what is to fix, and in an administrator’s page only with what is theirs', async () => {
    using run = await checked(before);
    const report = setupReport(run, none);
    expect([...report.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading)).toEqual([
      ...['To fix: you', expect.stringMatching(/^Changes since Dec 22, 2025, /) as string, 'Not verified'],
      ...['Verify manually', 'Passed'],
    ]);
    expect(report).toContain(
      '- Callback ports on this computer (The OIDC application): **Passed → Warning**',
    );
    expect(setupReportHtml(run, none)).toMatch(/<h2>Changes since Dec 22, 2025, /);
    const page = setupReportHtml(run, none, 'oktaAdministrator');
    expect(page).toContain('Failed → Passed');
    expect(page).not.toContain('Passed → Warning');
  });

  test('the reports say that nothing has changed', async () => {
    using run = await checked({
      finishedAt: january - day,
      outcomes: { 'scim.endpoint': 'passed' },
      ends: { scimToken: january + 300 * day },
    });
    expect(unchangedText(run)).toMatch(/^No changes since Dec 31, 2025, /);
    expect(setupReport(run, none)).toContain('\n\nNo changes since Dec 31, 2025, ');
    expect(setupReport(run, none)).not.toContain('## No changes');
    expect(setupReportHtml(run, none)).toContain('<p>No changes since Dec 31, 2025, ');
  });
});

describe('keepRun', () => {
  test('stores states, names and dates of a complete run, but no values or secrets', async () => {
    const memento = fakeMemento();
    using run = await checked();
    await keepRun(memento, run);
    expect(memento.keys()).toEqual([]); // Most checks of the guide have not run.
    await run.run(checksOf.kiro, { testSignIn: 'no', scimToken });
    await keepRun(memento, run);
    const kept = runBefore(memento, run.key);
    expect(kept).toMatchObject({
      finishedAt: january,
      outcomes: { 'okta.loopbackPorts': 'warning', 'scim.endpoint': 'passed' },
      ends: { scimToken: january + 300 * day },
    });
    expect(Object.keys(kept ?? {})).toEqual(['finishedAt', 'outcomes', 'ends']);
    expect(JSON.stringify(kept)).not.toMatch(/secret|https|2128|example/);
    expect(runBefore(memento, 'kiro another')).toBeUndefined();
  });
});
