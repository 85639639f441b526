import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SetupReport } from '../../../src/checkSetup/report.ts';
import { type Chain, startChain } from '../../sandbox/chain.ts';
import { type Cloud, startCloud } from '../../sandbox/cloud.ts';
import { copiedFor } from '../../sandbox/copied.ts';
import { projectRoot } from '../../tools/lib/paths.ts';

let chain: Chain;
let cloud: Cloud;
let folder: string;

beforeAll(async () => {
  chain = await startChain({ okta: { ownRedirectUris: true } });
  cloud = await startCloud(chain);
  folder = mkdtempSync(join(tmpdir(), 'cloud-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await Promise.all([cloud.close(), chain.close()]);
});

test.each(['kiro', 'identityCenter'] as const)(
  'a separate program with the printed values verifies the setup %s, including AWS, Kiro and the DNS',
  async (guide) => {
    const { scimToken, oktaApiToken, metadataXml, serviceUrl: _, ...inputs } = copiedFor(chain, guide);
    const file = join(folder, `${guide}.json`);
    if (metadataXml !== undefined) writeFileSync(join(folder, 'metadata.xml'), metadataXml);
    const metadata = metadataXml === undefined ? {} : { metadataFile: 'metadata.xml' };
    const { endpoint, portalEndpoint } = chain.identityCenter;
    const places = guide === 'kiro' ? {} : { endpoint, portalEndpoint };
    writeFileSync(file, JSON.stringify({ guide, ...inputs, ...metadata, ...places }));
    const program = join(projectRoot, 'src/checkSetup/main.ts');
    const { stdout } = await promisify(execFile)(process.execPath, [program, '--inputs', file], {
      env: {
        ...process.env,
        ...cloud.environment(folder),
        ...{ SCIM_TOKEN: scimToken, OKTA_API_TOKEN: oktaApiToken },
      },
    }).catch((error: unknown) => ({ stdout: (error as { readonly stdout?: string }).stdout ?? '' }));
    const { checks } = JSON.parse(stdout) as SetupReport;
    const open = checks.filter(({ state }) => state !== 'passed' && state !== 'manual');
    // Only checks that need a user in the browser, or an address that this program does not use, remain.
    const unknown = open.filter(({ reason }) => reason !== 'notGiven' && reason !== 'blocked');
    expect(unknown.map(({ id, found }) => [id, found])).toEqual([]);
    const asked = checks.filter(({ id }) => /^(?:awsApi\.instance|kiro\.profile|domain\.txt)$/.test(id));
    expect(asked.map(({ state }) => state)).toEqual(guide === 'kiro' ? ['passed', 'passed'] : ['passed']);
  },
);

test('a program behind the proxy gets role credentials with a sign-in, and AWS STS identifies the user', async () => {
  const program = join(projectRoot, 'test/protocol/sandbox/awsCaller.ts');
  const run = async (session: object): Promise<unknown> => {
    const { stdout } = await promisify(execFile)(process.execPath, [program, JSON.stringify(session)], {
      env: { ...process.env, ...cloud.environment(folder) },
    });
    return JSON.parse(stdout);
  };
  const signedIn = async (scopes: readonly string[]) => {
    const { region, startUrl, origin } = chain.identityCenter;
    const post = async (path: string, body: object) => {
      const response = await fetch(`${origin}/oidc/${region}${path}`, {
        method: 'POST',
        body: JSON.stringify(body),
      });
      return (await response.json()) as Readonly<Record<string, string>>;
    };
    const { clientId, clientSecret } = await post('/client/register', {
      clientName: 'x',
      clientType: 'public',
      scopes,
    });
    const client = { clientId, clientSecret };
    const { deviceCode, userCode = '' } = await post('/device_authorization', { ...client, startUrl });
    chain.identityCenter.approve(userCode, 'ana@example.com');
    const grantType = 'urn:ietf:params:oauth:grant-type:device_code';
    const { accessToken } = await post('/token', { ...client, grantType, deviceCode });
    return { accessToken, region };
  };

  const withAccounts = await signedIn(['sso:account:access']);
  expect(await run({ ...withAccounts, accountId: '111122223333', roleName: 'Developer' })).toEqual({
    portal: 200,
    sts: 200,
    arn: expect.stringMatching(
      /^arn:aws:sts::111122223333:assumed-role\/AWSReservedSSO_Developer_[\da-f]{16}\/ana@example\.com$/,
    ) as string,
    forged: 403,
  });
  expect(await run({ ...withAccounts, accountId: '444455556666', roleName: 'Developer' })).toEqual({
    portal: 403,
  });
  const without = await signedIn(['codewhisperer:completions']);
  expect(await run({ ...without, accountId: '111122223333', roleName: 'Developer' })).toEqual({
    portal: 401,
  });
});

test('each AWS and Kiro host has a valid certificate for its name, and a restart keeps profiles', () => {
  const variables = cloud.environment(folder);
  const file = variables['AWS_CONFIG_FILE'] ?? '';
  appendFileSync(file, '\n[profile own]\nregion = us-east-1\n');
  const pems =
    readFileSync(variables['AWS_CA_BUNDLE'] ?? '', 'utf8').match(
      /-----BEGIN[^]+?-----END CERTIFICATE-----/g,
    ) ?? [];
  const certificates = pems.map((pem) => new X509Certificate(pem));
  expect(certificates.length).toBeGreaterThan(10);
  for (const { subject, subjectAltName } of certificates)
    expect(subject).toContain(`CN=${subjectAltName?.replace('DNS:', '')}`);

  cloud.environment(folder);
  expect(readFileSync(file, 'utf8').match(/^\[.*\]$/gm)).toEqual(['[profile sandbox]', '[profile own]']);
});
