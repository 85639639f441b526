import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createBoundedFetch } from '../../src/adapters/node/boundedFetch.ts';
import type { OAuthErrorResponse } from '../../src/core/oauth/errorResponse.ts';
import type { HttpFetch } from '../../src/core/ports.ts';
import type { AwsSigner } from '../../src/setup/setupPorts.ts';
import type { SsoOidcAt } from '../../src/core/identityCenter/ssoOidc.ts';
import { licensesFolder, projectRoot } from '../tools/lib/paths.ts';
import { createSbom } from '../tools/lib/sbom.ts';
import { mapStack } from '../tools/lib/mapStack.ts';
import { bundledPackages, thirdPartyNotices } from '../tools/lib/thirdPartyNotices.ts';
import { environments, inEnvironment, requestsOf } from '../unit/fakes/sdkConfiguration.ts';
import { rejectionOf } from '../unit/fakes/thrownBy.ts';
import { noSignal, useSandbox } from './scene.ts';

/** A file of the bundle, from esbuild's metafile. */
interface Output {
  readonly entryPoint?: string;
  readonly inputs: object;
  readonly imports: readonly { readonly path: string; readonly kind: string; readonly external?: boolean }[];
}

const scene = useSandbox();
let folder = '';

async function build(into: string): Promise<void> {
  await promisify(execFile)(process.execPath, ['esbuild.mjs', into], { cwd: projectRoot });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bundle-'));
  await build(join(folder, 'extension'));
  // The shared code is in the entry, which requires the editor.
  await mkdir(join(folder, 'node_modules', 'vscode'), { recursive: true });
  await writeFile(join(folder, 'node_modules', 'vscode', 'index.js'), 'module.exports = {};');
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

test('the bundle includes only the needed parts of packages, and no AWS SDK client other than that for sign-ins', async () => {
  const { inputs } = JSON.parse(await readFile(join(folder, 'meta.json'), 'utf8')) as { inputs: object };
  const needless =
    /bowser|core\/dist-es\/submodules\/event-streams|nested-clients\/.*\/sso-oidc\/|@(smithy|aws-sdk)\/core\/dist-cjs/;
  const other = /@aws-sdk\/client-(?!sso-oidc)/;
  expect(Object.keys(inputs).filter((path) => needless.test(path) || other.test(path))).toEqual([]);
});

test('a sign-in does not load credential providers; the setup checks load them on first use', async () => {
  const signIn = await packagesOf('src/adapters/node/awsSsoOidc.ts');
  expect(signIn).toContain('@aws-sdk/client-sso-oidc');
  expect(signIn.filter((name) => /credential-provider|nested-clients/.test(name))).toEqual([]);
  const checks = await packagesOf('src/adapters/node/setupAdapters.ts');
  expect(checks.filter((name) => /^@(?:aws-sdk|smithy)\//.test(name))).toEqual([]);
  const signer = await packagesOf('src/adapters/node/awsSigner.ts');
  expect(signer).toEqual(
    expect.arrayContaining(['@aws-sdk/credential-provider-ini', '@smithy/signature-v4']),
  );
});

test('code loaded at activation is at most 60 KB, without a library', async () => {
  const entry = await readFile(join(folder, 'extension', 'extension.cjs'));
  expect(entry.length).toBeLessThanOrEqual(60 * 1024);
  expect(await packagesOf('src/extension.ts')).toEqual([]);
});

test('code loaded at activation has no literal whose Unicode properties V8 would resolve while parsing it', async () => {
  const entry = await readFile(join(folder, 'extension', 'extension.cjs'), 'utf8');
  expect(entry).not.toMatch(/\/[^/\s]*\\p\{[^/\s]*\/[dgimsvy]*[uv]/i);
});

test('each file imports the editor and each Node module once', async () => {
  for (const name of await readdir(join(folder, 'extension'))) {
    if (!/^(?!sso-token).*\.cjs$/.test(name)) continue;
    const text = await readFile(join(folder, 'extension', name), 'utf8');
    const imported = Array.from(
      text.matchAll(/[\w$]=(?:[\w$]+\()?require\("((?!\.)[^"]+)"\)/g),
      ([, module = '']) => module,
    );
    expect(imported, name).toEqual([...new Set(imported)]);
  }
});

test.each(['src/afterActivation.ts', 'src/shell/status/statusItem.ts'])(
  'code that an idle window loads after activation includes valibot and no other library: %s',
  async (entry) => {
    expect(await packagesOf(entry)).toEqual(['valibot']);
  },
);

test('code that an idle window loads after activation has nothing of a sign-in', async () => {
  const inputs = await inputsOf('src/afterActivation.ts');
  expect(inputs).toContain('src/shell/followOrganization.ts');
  expect(inputs.filter((path) => /^src\/(?:shell\/signIn|core\/providers)\//.test(path))).toEqual([]);
});

/** The packages among {@link inputsOf} a source file. */
async function packagesOf(source: string): Promise<readonly string[]> {
  const inputs = await inputsOf(source);
  return [
    ...new Set(inputs.flatMap((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? [])),
  ];
}

/** The files in the chunk that starts with a source file, and in all chunks that it imports statically. */
async function inputsOf(source: string): Promise<readonly string[]> {
  const { outputs } = JSON.parse(await readFile(join(folder, 'meta.json'), 'utf8')) as {
    outputs: Readonly<Record<string, Output>>;
  };
  const [entry = ''] = Object.entries(outputs).find(([, one]) => one.entryPoint === source) ?? [];
  const loaded = new Set([entry]);
  for (const path of loaded)
    for (const { path: imported, kind, external } of outputs[path]?.imports ?? [])
      if (kind === 'import-statement' && external !== true) loaded.add(imported);
  const inputs = [...loaded].flatMap((path) => Object.keys(outputs[path]?.inputs ?? {}));
  // The source file itself must be in the chunk, or the test would prove nothing.
  expect(inputs).toContain(source);
  return inputs;
}

test('A15: the bundle loads only the editor, Node built-ins and its own files', async () => {
  // The `bin` folder next to them has programs that load one of them.
  const names = (await readdir(join(folder, 'extension'))).filter((name) => name.endsWith('.cjs'));
  const loaded = new Set<string>();
  for (const name of names) {
    const text = await readFile(join(folder, 'extension', name), 'utf8');
    expect(text, name).not.toMatch(/sourceMappingURL|sourcesContent/);
    expect(text, name).not.toContain(projectRoot);
    for (const [, module = ''] of text.matchAll(/\b(?:require|import)\(\s*["'`]([^"'`]+)["'`]\s*\)/g))
      loaded.add(module);
    // A module name computed at run time could resolve to a folder above that others can write to.
    expect(text, name).not.toMatch(/\b(?:require|import)\((?!\s*["'`])[^)]/);
  }
  const own = new Set(names.map((name) => `./${name}`));
  expect(
    [...loaded].filter((name) => name !== 'vscode' && !name.startsWith('node:') && !own.has(name)),
  ).toEqual([]);
  expect(loaded).toContain('node:crypto');
});

test('a second build in another folder produces the same files', async () => {
  const again = join(folder, 'again');
  await build(join(again, 'extension'));
  for (const part of ['extension', 'source-maps']) {
    const files = (await readdir(join(folder, part), { recursive: true })).toSorted();
    expect((await readdir(join(again, part), { recursive: true })).toSorted()).toEqual(files);
    expect(files.length).toBeGreaterThan(50);
    for (const file of files.filter((one) => one !== 'bin')) {
      const [first, second] = [join(folder, part, file), join(again, part, file)];
      expect(await readFile(second, 'utf8'), file).toBe(await readFile(first, 'utf8'));
    }
  }
}, 120_000);

test('a position in a bundled file maps back to its source', async () => {
  const maps = join(folder, 'source-maps');
  const names = (await readdir(join(folder, 'extension'))).filter((name) => name.endsWith('.cjs'));
  let found = 0;
  for (const name of names) {
    const lines = (await readFile(join(folder, 'extension', name), 'utf8')).split('\n');
    for (const [index, line] of lines.entries())
      for (const { 0: quoted, index: column } of line.matchAll(/"(?:developerSignIn|workbench)\.[\w.]+"/g)) {
        const place = `    at run (/home/ana/.vscode/extensions/x/dist/extension/${name}:${index + 1}:${column + 1})`;
        const [, source = '', at = ''] = /\((src\/[^:]+\.ts):(\d+):\d+\)$/.exec(mapStack(place, maps)) ?? [];
        if (source === '') continue;
        const text = await readFile(join(projectRoot, source), 'utf8');
        expect(text.split('\n')[Number(at) - 1], `${place} is ${source}:${at}`).toContain(
          quoted.slice(1, -1),
        );
        found += 1;
      }
  }
  expect(found).toBeGreaterThan(20);
  expect(mapStack('at other (/usr/lib/code/out/main.js:1:2)', maps)).toBe(
    'at other (/usr/lib/code/out/main.js:1:2)',
  );
});

test('the software bill of materials lists each bundled package with its version', async () => {
  const metafile: unknown = JSON.parse(await readFile(join(folder, 'meta.json'), 'utf8'));
  const listed = createSbom().components.map(({ name, version }) => `${name} ${version}`);
  for (const path of bundledPackages(metafile)) {
    const text = await readFile(join(projectRoot, path, 'package.json'), 'utf8');
    const { name, version } = JSON.parse(text) as { name: string; version: string };
    expect(listed).toContain(`${name} ${version}`);
  }
}, 60_000);

test('09.03: the notices name each bundled package with its version and text', async () => {
  const metafile: unknown = JSON.parse(await readFile(join(folder, 'meta.json'), 'utf8'));
  const packages = bundledPackages(metafile);
  expect(packages).toEqual(expect.arrayContaining(['node_modules/valibot', 'node_modules/oauth4webapi']));
  const notices = await thirdPartyNotices(metafile, { root: projectRoot, licenses: licensesFolder });
  for (const path of packages) {
    const text = await readFile(join(projectRoot, path, 'package.json'), 'utf8');
    const { name, version } = JSON.parse(text) as { name: string; version: string };
    expect(notices).toContain(`\n${name} ${version} · `);
    const license = (await readdir(join(projectRoot, path))).find((file) => /^licen[cs]e/i.test(file));
    if (license === undefined) continue;
    const whole = await readFile(join(projectRoot, path, license), 'utf8');
    expect(notices).toContain(whole.replaceAll('\r\n', '\n').trim());
  }
  expect(notices).toMatch(/Copyright \(c\) 2009 Kazuhiko Arase/);
});

test('the bundled client registers, starts a device authorization and requests its token', async () => {
  const { startUrl, region, endpoint } = scene.sandbox.describe().identityCenter;
  const createSsoOidcAt = await bundledClient();
  const http = createBoundedFetch(() => fetch, Date.now);
  const oidc = createSsoOidcAt(http)({ region, url: endpoint.replace('{region}', region) });
  const grantType = 'urn:ietf:params:oauth:grant-type:device_code';
  const registration = (await oidc.registerClient(
    {
      scopes: ['codewhisperer:completions'],
      grantTypes: [grantType],
    },
    noSignal,
  )) as { clientId: string; clientSecret: string };
  const client = { clientId: registration.clientId, clientSecret: registration.clientSecret };
  const started = (await oidc.startDeviceAuthorization({ ...client, startUrl }, noSignal)) as {
    deviceCode: string;
    userCode: string;
  };
  expect(started.userCode).toMatch(/^[A-Z]{4}-[A-Z]{4}$/);
  const pending = await rejectionOf(
    oidc.createToken({ ...client, grantType, deviceCode: started.deviceCode }, noSignal),
  );
  expect((pending as OAuthErrorResponse).error).toBe('authorization_pending');
});

test('F1: no configuration of this machine affects what the bundled client sends', async () => {
  const createSsoOidcAt = await bundledClient();
  const expected = JSON.stringify(await requestsOf(createSsoOidcAt));
  const different: object[] = [];
  for await (const environment of environments(['true', 'auto', 'https://elsewhere.example'])) {
    const sent = await inEnvironment(environment, () => requestsOf(createSsoOidcAt)).catch(String);
    if (JSON.stringify(sent) !== expected) different.push(environment);
  }
  expect(different).toEqual([]);
});

test('the bundled signer takes keys, a role and a portal session from the AWS CLI’s files', async () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const answer = request.method === 'POST' ? roleOf() : portalCredentials;
    asked.push(`${request.method} ${request.url?.split('?')[0]}`);
    request.resume().on('end', () => response.end(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const home = await mkdtemp(join(tmpdir(), 'aws-home-'));
  try {
    const files = await writeProfiles(home);
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const environment = {
      ...files,
      HOME: home,
      AWS_ENDPOINT_URL: endpoint,
      AWS_EC2_METADATA_DISABLED: 'true',
    };
    const keys = await inEnvironment(environment, async () => {
      const found: string[] = [];
      for (const profile of ['keys', 'role', 'portal', 'none']) found.push(await keyOf(profile));
      return found;
    });
    expect(keys).toEqual(['AKIAKEYS', 'ASIAROLE', 'ASIAPORTAL', 'no credentials']);
    expect(asked).toEqual(['POST /', 'GET /federation/credentials']);
  } finally {
    server.close();
    await rm(home, { recursive: true, force: true });
  }
});

/** The access key that the bundled signer uses for a profile; the endpoint in the environment gets no requests. */
async function keyOf(profile: string): Promise<string> {
  const extension = join(folder, 'extension');
  const name = (await readdir(extension)).find((file) => file.startsWith('awsSigner-')) ?? '';
  const { openAws } = createRequire(join(extension, name))(`./${name}`) as {
    openAws: (profile: string) => AwsSigner;
  };
  const request = {
    url: 'https://sso.eu-central-1.amazonaws.com/',
    service: 'sso',
    region: 'eu-central-1',
    headers: { 'content-type': 'application/x-amz-json-1.1' },
    body: '{}',
  };
  const signed = await openAws(profile).sign(request, noSignal);
  if ('noCredentials' in signed) return 'no credentials';
  return /Credential=(\w+)/.exec(signed.headers['authorization'] ?? '')?.[1] ?? '';
}

const inAnHour = () => new Date(Date.now() + 3600_000).toISOString();
const portalCredentials = JSON.stringify({
  roleCredentials: {
    accessKeyId: 'ASIAPORTAL',
    secretAccessKey: 'secret',
    sessionToken: 'session',
    expiration: Date.now() + 3600_000,
  },
});
const roleOf = () =>
  '<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>' +
  '<AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>secret</SecretAccessKey>' +
  `<SessionToken>session</SessionToken><Expiration>${inAnHour()}</Expiration>` +
  '</Credentials></AssumeRoleResult></AssumeRoleResponse>';

async function writeProfiles(home: string) {
  const cache = join(home, '.aws', 'sso', 'cache');
  await mkdir(cache, { recursive: true });
  const session = createHash('sha1').update('corp').digest('hex');
  await writeFile(
    join(cache, `${session}.json`),
    JSON.stringify({ accessToken: 'token', expiresAt: inAnHour(), region: 'eu-central-1' }),
  );
  const config = join(home, 'config');
  await writeFile(
    config,
    [
      '[profile keys]\naws_access_key_id = AKIAKEYS\naws_secret_access_key = secret',
      '[profile role]\nrole_arn = arn:aws:iam::111122223333:role/Admin\nsource_profile = keys\nregion = eu-central-1',
      '[sso-session corp]\nsso_start_url = https://d-1234567890.awsapps.com/start\nsso_region = eu-central-1',
      '[profile portal]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = Admin',
    ].join('\n'),
  );
  return { AWS_CONFIG_FILE: config, AWS_SHARED_CREDENTIALS_FILE: join(home, 'none') };
}

async function bundledClient(): Promise<(http: HttpFetch) => SsoOidcAt> {
  const extension = join(folder, 'extension');
  const name = (await readdir(extension)).find((file) => file.startsWith('awsSsoOidc-')) ?? '';
  const loaded = createRequire(join(extension, name))(`./${name}`) as {
    createSsoOidcAt: (http: HttpFetch) => SsoOidcAt;
  };
  return loaded.createSsoOidcAt;
}
