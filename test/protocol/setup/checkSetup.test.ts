import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createTxtLookups } from '../../../src/adapters/node/txtRecords.ts';
import { runProgram } from '../../../src/checkSetup/program.ts';
import type { SetupReport } from '../../../src/checkSetup/report.ts';
import { inEnvironment } from '../../unit/fakes/sdkConfiguration.ts';
import { noSignal } from '../scene.ts';
import { domain, openSetupWorld, verificationToken } from './setupWorld.ts';
import type { SetupWorld } from './setupWorld.ts';

let world: SetupWorld;
let folder: string;
/** The environment besides the SCIM token. */
let secrets: Readonly<Record<string, string>> = {};

beforeAll(async () => {
  world = await openSetupWorld();
  folder = mkdtempSync(join(tmpdir(), 'check-setup-'));
});
afterEach(() => {
  secrets = {};
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await world.close();
});

/** Runs the program with a file of these inputs. */
async function run(inputs: object | undefined, ...args: readonly string[]) {
  const file = join(folder, 'setup.json');
  if (inputs !== undefined) writeFileSync(file, JSON.stringify(inputs));
  const printed: string[] = [];
  const errors: string[] = [];
  const code = await runProgram(['--inputs', file, ...args], {
    env: { SCIM_TOKEN: scim().token, ...secrets },
    print: (text) => printed.push(text),
    printError: (text) => errors.push(text),
    signal: noSignal,
    options: {
      txtLookups: createTxtLookups({
        servers: [world.names.address],
        namePort: Number(world.names.address.split(':')[1]),
      }),
    },
  });
  return { code, out: printed.join(''), errors: errors.join('') };
}

const report = (out: string): SetupReport => JSON.parse(out) as SetupReport;
const scim = () => world.chain.describe().identityCenter.federated.scim;
const endpoint = (): string => scim().endpoint.replace(/\/+$/, '');

function kiro(): Readonly<Record<string, unknown>> {
  const { okta } = world.chain.describe();
  return {
    guide: 'kiro',
    issuer: okta.issuer,
    clientId: okta.clientId,
    redirectPorts: world.ports,
    domain,
    verificationToken,
    scimEndpoint: endpoint(),
    userName: 'ana@example.com',
    groupName: world.chain.describe().groups[0]?.displayName,
  };
}

describe('check-setup --since an earlier report', () => {
  const earlier = (): string => join(folder, 'earlier.json');

  test('lists the checks that changed, failed ones first, and omits the others', async () => {
    const first = await run(kiro());
    writeFileSync(earlier(), first.out);
    const same = await run(kiro(), '--since', earlier());
    expect(report(same.out).changes).toEqual({ since: report(first.out).finishedAt, checks: [], ends: [] });

    const slash = { ...kiro(), scimEndpoint: `${endpoint()}/` };
    const { changes, checks } = report((await run(slash, '--since', earlier())).out);
    expect(changes?.checks[0]).toEqual({ id: 'scim.endpoint', was: 'passed', is: 'failed' });
    expect(changes?.checks).toContainEqual({ id: 'scim.person', was: 'passed', is: 'notVerified' });
    const before = new Map(report(first.out).checks.map(({ id, state }) => [id, state]));
    const changed = checks.filter(({ id, state }) => before.get(id) !== state && state !== 'manual');
    expect(changes?.checks.map(({ id }) => id).toSorted()).toEqual(changed.map(({ id }) => id).toSorted());

    const text = (await run(slash, '--since', earlier(), '--format', 'text')).out;
    expect(text).toMatch(
      /^Changes since \d{4}-.*Z\n    Passed -> Failed: SCIM endpoint \[scim\.endpoint\]\n/m,
    );
    expect((await run(kiro(), '--since', earlier(), '--format', 'text')).out).toMatch(/^No changes since /m);
  });

  test('lists what expires on another day', async () => {
    const { okta, identityCenter } = world.chain.describe();
    const metadataFile = 'since.xml';
    writeFileSync(join(folder, metadataFile), okta.saml.metadataXml);
    const { startUrl, region } = identityCenter.federated;
    const inputs = { guide: 'identityCenter', startUrl, region, metadataFile };
    const first = report((await run(inputs)).out);
    const certificate = first.checks.find(({ id }) => id === 'saml.certificates');
    const endsAt = certificate?.evidence.find(({ name }) => name === 'certificateEndsAt');
    const wasAt = Date.UTC(2020, 0, 1);
    const moved = JSON.stringify(first).replaceAll(String(endsAt?.value), String(wasAt));
    writeFileSync(earlier(), moved);
    const now = (await run(inputs, '--since', earlier())).out;
    expect(report(now).changes?.ends).toEqual([
      {
        what: 'signingCertificate',
        endsAt: new Date(Number(endsAt?.value)).toISOString(),
        wasAt: '2020-01-01T00:00:00.000Z',
      },
    ]);
    expect((await run(inputs, '--since', earlier(), '--format', 'text')).out).toContain(
      'signingCertificate expires ',
    );
  });

  test.each([
    ['{}', 'is not a report of check-setup.'],
    ['not JSON', 'is not a report of check-setup.'],
    [
      '{"version":1,"guide":"openIdConnect","finishedAt":"2026-01-01T00:00:00.000Z","checks":[]}',
      'is a report of the guide openIdConnect, not kiro.',
    ],
  ])('rejects a report of another kind or guide: %s', async (text, why) => {
    writeFileSync(earlier(), text);
    const { code, errors } = await run(kiro(), '--since', earlier());
    expect({ code, errors }).toEqual({ code: 2, errors: `${earlier()} ${why}\n` });
  });
});

describe('check-setup without an editor', () => {
  test('calls AWS with the profile in the file, and reports one without credentials', async () => {
    const { startUrl, region } = world.chain.federated;
    const files = {
      AWS_CONFIG_FILE: join(folder, 'none'),
      AWS_SHARED_CREDENTIALS_FILE: join(folder, 'none'),
    };
    const inputs = { guide: 'identityCenter', startUrl, region, awsProfile: 'admin' };
    const { out } = await inEnvironment(files, () => run(inputs));
    const { checks } = report(out);
    expect(checks.find(({ id }) => id === 'awsApi.instance')).toMatchObject({
      state: 'notVerified',
      reason: 'noAwsCredentials',
    });
  });

  test('passes a correct setup of Kiro with Okta, and lists what requires a sign-in', async () => {
    const { code, out } = await run(kiro());
    const { summary, checks, version } = report(out);
    expect({ code, version, failed: summary.failed, warning: summary.warning }).toEqual({
      code: 0,
      version: 1,
      failed: 0,
      warning: 0,
    });
    const open = checks.filter(({ state }) => state === 'notVerified');
    expect(open.map(({ reason }) => reason)).toEqual(open.map(() => 'notGiven'));
    expect(summary.passed).toBeGreaterThan(10);
    expect(checks.find(({ id }) => id === 'okta.redirectUris')).toMatchObject({
      state: 'passed',
      title: 'Sign-in redirect URIs',
      owner: 'oktaAdministrator',
      step: 'kiro.oidcApp',
      evidence: [{ name: 'registered', label: 'Registered' }],
    });
  });

  test('reports problems, and fails', async () => {
    const { code, out } = await run({ ...kiro(), scimEndpoint: `${endpoint()}/` });
    const { summary, checks } = report(out);
    expect({ code, failed: summary.failed }).toEqual({ code: 1, failed: 1 });
    expect(checks.find(({ state }) => state === 'failed')).toMatchObject({
      id: 'scim.endpoint',
      reason: 'trailingSlash',
      found: expect.stringContaining('slash') as string,
      next: expect.stringContaining(endpoint()) as string,
    });
  });

  test('checks any OpenID Connect provider, with the redirect settings of the connection', async () => {
    const { issuer, clientId } = world.chain.describe().openIdConnect ?? {};
    const inputs = { guide: 'openIdConnect', issuer, clientId, redirectPorts: world.ports };
    const right = await run(inputs);
    expect({ code: right.code, ...report(right.out).summary }).toMatchObject({
      code: 0,
      failed: 0,
      warning: 0,
    });
    expect(report(right.out).summary.passed).toBe(9);
    const wrong = await run({ ...inputs, redirectUri: 'http://localhost' });
    const failed = report(wrong.out).checks.filter(({ state }) => state === 'failed');
    expect(failed).toMatchObject([{ id: 'oidc.redirectUris', reason: 'redirectUrisMissing' }]);
  });

  test('reads saved metadata next to the input file', async () => {
    const { okta, identityCenter } = world.chain.describe();
    const { startUrl, region, saml } = identityCenter.federated;
    writeFileSync(join(folder, 'metadata.xml'), okta.saml.metadataXml);
    const { code, out } = await run({
      guide: 'identityCenter',
      startUrl,
      region,
      metadataFile: 'metadata.xml',
      acsUrl: saml.acsUrl,
      samlIssuerUrl: saml.issuerUrl,
      scimEndpoint: endpoint(),
      userName: 'ana@example.com',
      endpoint: identityCenter.endpoint,
      portalEndpoint: identityCenter.portalEndpoint,
    });
    const { checks } = report(out);
    expect(code).toBe(0);
    const stateOf = (id: string) => checks.find((one) => one.id === id)?.state;
    for (const id of ['saml.metadata', 'saml.published', 'identityCenter.deviceAuthorization', 'scim.token'])
      expect([id, stateOf(id)]).toEqual([id, 'passed']);
  });

  test('compares a SAML response from the environment or a file, and prints nothing else of it', async () => {
    const { okta, identityCenter } = world.chain.describe();
    const { saml } = identityCenter.federated;
    writeFileSync(join(folder, 'metadata.xml'), okta.saml.metadataXml);
    const response = await world.chain.samlApplication.respond({ username: 'ana@example.com' });
    const file = join(folder, 'response.txt');
    writeFileSync(file, response);
    for (const given of [{ SAML_RESPONSE: response }, { SAML_RESPONSE_FILE: file }]) {
      secrets = given;
      const { out } = await run({
        guide: 'identityCenter',
        metadataFile: 'metadata.xml',
        acsUrl: saml.acsUrl,
        samlIssuerUrl: saml.issuerUrl,
        userName: 'ana@example.com',
      });
      const compared = report(out).checks.filter(({ id }) => id.startsWith('saml.response'));
      expect(compared.map(({ id, state }) => [id, state])).toEqual(
        ['', 'Issuer', 'Audience', 'Recipient', 'Name', 'Times', 'Signature', 'Attributes'].map((name) => [
          `saml.response${name}`,
          'passed',
        ]),
      );
      expect(out).not.toContain(response.slice(0, 100));
      expect(out).not.toContain('SignatureValue');
    }
    secrets = {};
  });

  test('reads Okta with a service app whose key is in the environment or a file', async () => {
    const { clientId, privateKeyPem, privateKeyJwk } = world.chain.okta.management.serviceApp;
    const keyFile = join(folder, 'key.json');
    writeFileSync(keyFile, privateKeyJwk);
    for (const given of [{ OKTA_SERVICE_KEY: privateKeyPem }, { OKTA_SERVICE_KEY_FILE: keyFile }]) {
      secrets = given;
      const { out } = await run({ ...kiro(), oktaServiceClientId: clientId });
      const ofApi = report(out).checks.filter(({ id }) => id.startsWith('oktaApi.'));
      expect(ofApi.map(({ id, state }) => [id, state])).toEqual(ofApi.map(({ id }) => [id, 'passed']));
      expect(out).not.toContain('PRIVATE KEY');
    }
    secrets = { OKTA_SERVICE_KEY_FILE: join(folder, 'none.pem') };
    expect((await run(kiro())).errors).toMatch(/none\.pem cannot be read/);
  });

  test('with --person reports whether that user has access, and the obstacles', async () => {
    secrets = { OKTA_API_TOKEN: world.chain.okta.management.token };
    const { out } = await run(kiro(), '--person', 'ben@example.com');
    expect(report(out).person).toEqual({
      userName: 'ben@example.com',
      getsIn: 'manual',
      steps: ['oktaApi.person', 'oktaApi.personPolicy', 'scim.person', 'scim.groups', 'manual.subscriptions'],
    });
    const text = (await run(kiro(), '--person', 'fay@example.com', '--format', 'text')).out;
    expect(text).toMatch(/^fay@example\.com has no access$/m);
    expect(text).toContain('    Failed: The person is provisioned. ');
    const denied = report((await run(kiro(), '--person', 'fay@example.com')).out);
    const stateOf = (id: string) => denied.checks.find((one) => one.id === id)?.state;
    // An obstacle does not stop later steps from being checked.
    expect([stateOf('scim.person'), stateOf('oktaApi.person')]).toEqual([
      'failed',
      expect.not.stringMatching('notVerified'),
    ]);
    secrets = {};
    expect(report((await run(kiro(), '--person', 'ben@example.com')).out).person?.getsIn).toBe('open');
  });

  test('with --strict also fails for checks that are not verified', async () => {
    expect((await run(kiro(), '--strict')).code).toBe(1);
  });

  test('as text starts with what to fix first', async () => {
    const { out } = await run({ ...kiro(), scimEndpoint: `${endpoint()}/` }, '--format', 'text');
    const [title, summary, , first, failed, found] = out.split('\n');
    expect(title).toBe('SSO setup: Kiro with Okta (OIDC)');
    expect(summary).toMatch(/^1 failed · \d+ not verified · \d+ to verify manually · \d+ passed$/);
    expect(first).toBe('To fix: Okta administrator');
    expect(failed).toBe('    Failed: SCIM endpoint [scim.endpoint]');
    expect(found).toMatch(/slash/);
    const headings = out
      .split('\n')
      .filter((line) => /^[A-Z]/.test(line))
      .slice(2);
    expect(headings).toEqual(['Not verified', 'Verify manually', 'Passed']);
    expect(out).toMatch(/^ {4}With “Test sign-in”, \d+ more checks run: /m);
  });

  test('prints no secret', async () => {
    const { token } = scim();
    for (const format of ['json', 'text'])
      expect((await run(kiro(), '--format', format)).out).not.toContain(token);
  });

  test.each<[string, object | undefined, readonly string[], RegExp]>([
    ['a guide that is not there', { guide: 'other' }, [], /guide/],
    ['a secret in the file', { guide: 'kiro', scimToken: 'abc' }, [], /scimToken/],
    [
      'a file of metadata that is missing',
      { guide: 'identityCenter', metadataFile: 'none.xml' },
      [],
      /none\.xml cannot be read/,
    ],
    ['an argument that is not known', { guide: 'kiro' }, ['--fast'], /--fast/],
    ['a file that is not JSON', undefined, [], /is not JSON/],
    ['a format that is not known', { guide: 'kiro' }, ['--format', 'xml'], /json or text/],
  ])('cannot run with %s', async (_, inputs, args, words) => {
    if (inputs === undefined) writeFileSync(join(folder, 'setup.json'), 'guide: kiro');
    const { code, out, errors } = await run(inputs, ...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(errors).toMatch(words);
    expect(errors).not.toContain('abc');
  });
});
