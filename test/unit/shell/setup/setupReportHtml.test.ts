import { describe, expect, test, vi } from 'vitest';
import { setupReportHtml } from '../../../../src/shell/setup/setupReportHtml.ts';
import { oktaConnection } from '../../fakes/examples.ts';
import { only, setupRun } from '../../fakes/setupRun.ts';

vi.mock('vscode', async () => import('../../fakes/vscode.ts'));

const scimToken = 'a-secret-of-scim';
const scimEndpoint = 'https://scim.us-east-1.amazonaws.com/1/scim/v2';
const none = { has: () => false };

async function page(owner?: Parameters<typeof setupReportHtml>[2], okta = oktaConnection): Promise<string> {
  using run = setupRun({ inputs: { scimEndpoint, oktaClient: okta } });
  await run.run(only('okta.loopbackPorts', 'scim.endpoint', 'scim.token', 'scim.read', 'manual.profile'), {
    testSignIn: 'no',
    scimToken,
  });
  return setupReportHtml(run, none, owner);
}

describe('setupReportHtml: the page for the other administrator', () => {
  test('is dark on a dark screen alone: white text would not be read on paper', async () => {
    const html = await page('awsAdministrator');
    expect(html).toContain(':root { color-scheme: light dark; }');
    expect(html).toContain('@media print { :root { color-scheme: light; } }');
  });

  test('has their steps only, and a link to check them again', async () => {
    const html = await page('awsAdministrator');
    expect(html).toContain('<h2>To fix: AWS administrator</h2>');
    expect(html).toContain('The endpoint rejected the token');
    expect(html).toContain('☐');
    expect(html).not.toContain('Callback ports');
    expect(html).not.toContain('<h2>Passed</h2>');
    expect(html).toMatch(/<a href="[a-z-]+:\/\/developer-sign-in\.developer-sign-in\/connect\?/);
  });

  test('had no totals, and said before each path whose it is', async () => {
    const html = await page('awsAdministrator');
    expect(html).toMatch(/<p>1 failed · .* to verify manually<\/p>/);
    expect(html).toContain('<p>Kiro console &#62; Settings');
    expect(html).not.toContain('AWS administrator: ');
    expect(html).not.toContain('enter the missing values');
    expect(html).not.toContain('Nothing was found for you to fix.');
  });

  test('was silent where there is nothing for its administrator to fix', async () => {
    expect(await page('dnsAdministrator')).toContain('<p>Nothing was found for you to fix.</p>');
  });

  test('was not saved where no link to the connection can be made', async () => {
    const html = await page(undefined, { ...oktaConnection, issuer: 'http://localhost:1/oauth2/aus1' });
    expect(html).toContain('SCIM');
    expect(html).not.toContain('/connect?');
  });

  test('opens the console of their own service', async () => {
    expect(await page('oktaAdministrator')).toContain('href="https://example-admin.okta.com/admin/');
  });

  test('has all steps if it is for no one in particular', async () => {
    const html = await page();
    expect(html).toContain('Callback ports');
    expect(html).toContain('<h2>Passed</h2>');
  });

  test('requests nothing, runs nothing, and contains no secret', async () => {
    const html = await page();
    expect(html).not.toContain(scimToken);
    expect(html).not.toMatch(/<script|<img|<link|<iframe|<form|@import|url\(| on\w+=/i);
    expect(html).toContain("default-src 'none'");
  });

  test("shows a server's message as text", async () => {
    expect(await page()).toMatch(/<div>\*\*Not\*\* (?:`|&#96;)you/);
  });
});
