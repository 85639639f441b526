import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
  'a program of its own that is given what the sandbox prints proves the setup %s, AWS, Kiro and the DNS with it',
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
    // Only what needs a person in the browser, or an address that this program does not take, is left.
    const unknown = open.filter(({ reason }) => reason !== 'notGiven' && reason !== 'blocked');
    expect(unknown.map(({ id, found }) => [id, found])).toEqual([]);
    const asked = checks.filter(({ id }) => /^(?:awsApi\.instance|kiro\.profile|domain\.txt)$/.test(id));
    expect(asked.map(({ state }) => state)).toEqual(guide === 'kiro' ? ['passed', 'passed'] : ['passed']);
  },
);
