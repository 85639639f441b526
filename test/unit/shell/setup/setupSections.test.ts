import { describe, expect, test, vi } from 'vitest';
import { checksOf } from '../../../../src/setup/checks/index.ts';
import { reportSections, summaryOf } from '../../../../src/shell/setup/setupSections.ts';
import { answeringHttp } from '../../fakes/answeringHttp.ts';
import { identityCenterConnection } from '../../fakes/examples.ts';
import { setupPorts } from '../../fakes/setupPorts.ts';
import { only, setupRun } from '../../fakes/setupRun.ts';

vi.mock('vscode', async () => import('../../fakes/vscode.ts'));

const scimEndpoint = 'https://scim.us-east-1.amazonaws.com/1/scim/v2';
const ticks = { has: (id: string) => id === 'manual.profile' };
const none = { has: () => false };
const headings = (sections: ReturnType<typeof reportSections>) => sections.map(({ heading }) => heading);

describe('reportSections', () => {
  test('lists what to fix by owner, then what is open, each check once', async () => {
    using run = setupRun({ inputs: { scimEndpoint } });
    await run.run(only('okta.loopbackPorts', 'scim.endpoint', 'scim.token'), {
      testSignIn: 'no',
      scimToken: 'a-token',
    });
    const sections = reportSections(run, ticks);
    expect(headings(sections).slice(0, 2)).toEqual(['To fix: AWS administrator', 'To fix: you']);
    expect(headings(sections).slice(-3)).toEqual(['Not verified', 'Verify manually', 'Passed']);
    const titles = sections.flatMap(({ items }) => items.map(({ title, step }) => `${title} ${step}`));
    expect(new Set(titles).size).toBe(titles.length);
    expect(titles).toHaveLength(run.checks.length);
  });

  test('lost what the administrator of an OpenID Connect provider has to fix', async () => {
    const issuer = 'https://id.example.com';
    const oidc = { type: 'oidc', name: 'Example', issuer, clientId: 'example' } as const;
    const metadata = { issuer, authorization_endpoint: 'http://id.example.com/authorize' };
    const { http } = answeringHttp(() => Response.json(metadata));
    using run = setupRun({
      document: 'openIdConnect',
      inputs: { oidcClient: oidc },
      ports: setupPorts({ http }),
    });
    await run.run(
      checksOf.openIdConnect.filter(({ id }) => id === 'oidc.https'),
      { testSignIn: 'no' },
    );
    const sections = reportSections(run, ticks);
    expect(headings(sections)[0]).toBe('To fix: identity provider administrator');
    expect(sections.flatMap(({ items }) => items)).toHaveLength(run.checks.length);
  });

  test('lists only one owner’s steps on request, without passed ones', async () => {
    using run = setupRun({ inputs: { scimEndpoint } });
    await run.run(only('scim.endpoint', 'scim.token'), { testSignIn: 'no', scimToken: 'a-token' });
    const sections = reportSections(run, ticks, 'dnsAdministrator');
    expect(new Set(sections.flatMap(({ items }) => items.map(({ owner }) => owner)))).toEqual(
      new Set(['DNS administrator']),
    );
    expect(headings(sections)).not.toContain('Passed');
  });

  test('shows whether a checklist line is checked, and the state of a check', async () => {
    using run = setupRun();
    await run.run(only('manual.profile'), { testSignIn: 'no' });
    const items = reportSections(run, ticks).flatMap((section) => section.items);
    expect(items.find(({ title }) => title.startsWith('The profile’s issuer URL'))).toMatchObject({
      isTicked: true,
    });
    expect(items.find(({ title }) => title === 'TXT record')).toMatchObject({ state: 'Not checked' });
  });

  test('left open whether a person has access, though the test sign-in may have been theirs', async () => {
    const identityCenter = { ...identityCenterConnection, region: 'us-east-1' };
    const check = checksOf.identityCenter.find(({ id }) => id === 'identityCenter.signIn');
    if (check === undefined) throw new Error('No such check');
    using run = setupRun({
      document: 'identityCenter',
      inputs: { accessPortal: identityCenter, userName: 'ana@example.com' },
    });
    await run.run([{ ...check, after: [] }], { testSignIn: 'once' });
    await run.checkPerson('ana@example.com', {});
    const sections = reportSections(run, none);
    expect(sections[0]?.heading).toBe(
      'Does ana@example.com have access? Yes, if the test sign-in was theirs',
    );
    const passed = sections.find(({ heading }) => heading === 'Passed')?.items[0];
    expect(passed?.found).toBe('Sign-in works. AWS doesn’t show who signed in.');
    expect(passed?.evidence.map(({ name }) => name)).toEqual(['Signed in to']);
  });

  test('says whether the selected user has access', async () => {
    const http = async (): Promise<Response> => Response.json({ Resources: [] });
    using run = setupRun({
      inputs: { scimEndpoint, userName: ' ana@example.com ' },
      ports: setupPorts({ http }),
    });
    expect(headings(reportSections(run, ticks))).not.toContainEqual(expect.stringContaining('get in'));
    await run.run(only('scim.endpoint', 'scim.token', 'scim.read', 'scim.person'), {
      testSignIn: 'no',
      scimToken: 'a-token',
    });
    const sections = reportSections(run, ticks);
    const person = sections.find(({ heading }) => heading === 'Does ana@example.com have access? No');
    // Regression: it came before what to fix, which a report starts with.
    expect(sections[0]?.heading).toMatch(/^To fix/);
    expect(person?.items.map(({ title }) => title).slice(0, 3)).toEqual([
      'The person in Okta',
      'Policies for this person',
      'The person is provisioned',
    ]);
    expect(headings(reportSections(run, ticks, 'oktaAdministrator'))[0]).toMatch(/^To fix/);
  });
});

describe('summaryOf', () => {
  test('counted a line that checks have proven as still to verify manually', () => {
    using run = setupRun();
    const manual = run.checks.filter((check) => check.run === undefined).length;
    vi.spyOn(run, 'isProven').mockImplementation(({ id }) => id === 'manual.provisioning');
    expect(summaryOf(run, none)).toMatch(new RegExp(`· ${manual - 1} to verify manually · 1 passed$`));
    const passed = reportSections(run, none).find(({ heading }) => heading === 'Passed');
    expect(passed?.items).toMatchObject([
      { state: 'Passed', found: 'Verified by “Push options and To App in Okta”' },
    ]);
  });

  test('counted a line that a person has ticked as still to verify manually', () => {
    using run = setupRun();
    const manual = run.checks.filter((check) => check.run === undefined).length;
    expect(summaryOf(run, ticks)).toMatch(
      new RegExp(`· ${manual - 1} to verify manually · 1 verified manually$`),
    );
  });

  test('counts a check that did not run as not verified', () => {
    using run = setupRun();
    const manual = run.checks.filter((check) => check.run === undefined).length;
    expect(summaryOf(run, none)).toBe(
      `${run.checks.length - manual} not verified · ${manual} to verify manually`,
    );
  });
});
