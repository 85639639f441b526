import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HttpFetch, HttpRequest } from '../../../src/core/ports.ts';
import type { SsoOidcAt } from '../../../src/core/identityCenter/ssoOidc.ts';
import { projectRoot } from '../../tools/lib/paths.ts';

/** The installed AWS SDK's own configuration lookups, read from its loaders. */
export interface SdkConfiguration {
  /** Names of environment variables. */
  readonly variables: readonly string[];
  /** Keys of a profile in `~/.aws/config`. */
  readonly keys: readonly string[];
}

/** Reads the names from the code of the installed SDK, so that a newer one is tested with its own names. */
export async function sdkConfiguration(): Promise<SdkConfiguration> {
  const variables = new Set(['AWS_ENDPOINT_URL_SSO_OIDC', 'AWS_ENDPOINT_URL_SSO']);
  const keys = new Set<string>();
  for (const text of await sdkSources()) {
    for (const [found] of text.matchAll(/\b_?(?:AWS|ECS|X_AMZN|SMITHY)_[A-Z0-9_]+\b/g)) variables.add(found);
    if (!text.includes('configFileSelector')) continue;
    for (const [, key = ''] of text.matchAll(/profile\.([a-z_0-9]+)/g)) keys.add(key);
    for (const [, key = ''] of text.matchAll(/["'`]([a-z][a-z0-9]*(?:_[a-z0-9]+)+|region)["'`]/g))
      keys.add(key);
  }
  return { variables: [...variables].sort(), keys: [...keys].sort() };
}

async function sdkSources(): Promise<readonly string[]> {
  const texts: string[] = [];
  for (const scope of ['@aws-sdk', '@smithy']) {
    const folder = join(projectRoot, 'node_modules', scope);
    for (const file of await readdir(folder, { recursive: true })) {
      if (/\bdist-es\b.*\.js$/.test(file)) texts.push(await readFile(join(folder, file), 'utf8'));
    }
  }
  return texts;
}

/** A sent request. */
type Sent = HttpRequest & { readonly url: string };

const client = { clientId: 'client-1', clientSecret: 'secret-1' };
const never = new AbortController().signal;

/** The request of an SSO-OIDC adapter for each operation, and for one with a network error. */
export async function requestsOf(createSsoOidcAt: (http: HttpFetch) => SsoOidcAt): Promise<readonly Sent[]> {
  const sent: Sent[] = [];
  let isDown = false;
  const http: HttpFetch = async (url, { method, headers, body = '' }) => {
    // The SDK assigns each call a random ID.
    sent.push({ url, method, headers: { ...headers, 'amz-sdk-invocation-id': '' }, body });
    if (isDown) throw new TypeError('fetch failed');
    return Response.json({ clientId: 'client-1' });
  };
  const oidc = createSsoOidcAt(http)({
    region: 'eu-central-1',
    url: 'https://oidc.eu-central-1.amazonaws.com',
  });
  await oidc.registerClient({ scopes: ['a'], grantTypes: ['refresh_token'] }, never);
  await oidc.startDeviceAuthorization({ ...client, startUrl: 'https://view.awsapps.com/start' }, never);
  const refresh = { ...client, grantType: 'refresh_token', refreshToken: 'refresh-1' };
  await oidc.createToken(refresh, never);
  isDown = true;
  await oidc.createToken(refresh, never).catch(() => undefined);
  return sent;
}

/** Runs `work` with additional environment variables. */
export async function inEnvironment<T>(
  variables: Readonly<Record<string, string>>,
  work: () => Promise<T>,
): Promise<T> {
  const before = { ...process.env };
  Object.assign(process.env, variables);
  try {
    return await work();
  } finally {
    // A plain object in place of `process.env` would hide later changes from Node itself, such as that of `HOME`.
    for (const name of Object.keys(variables)) Reflect.deleteProperty(process.env, name);
    Object.assign(process.env, before);
  }
}

/** Values that a switch, number, mode, list, path or address accepts, and one that none accepts. */
const allValues = [
  'true',
  'false',
  '7',
  'adaptive',
  'auto',
  'sigv4',
  'us-gov-west-1',
  'https://elsewhere.example',
  '\\0',
];

/**
 * All environments that could affect the SDK: each variable with each value, and each key of `~/.aws/config` in
 * the default profile, in that of `AWS_PROFILE`, and in a `services` section. Uses each file only once, since the
 * SDK caches files.
 */
export async function* environments(
  values: readonly string[] = allValues,
): AsyncGenerator<Readonly<Record<string, string>>> {
  const { variables, keys } = await sdkConfiguration();
  for (const name of variables) for (const value of values) yield { [name]: value };
  yield {
    AWS_LAMBDA_FUNCTION_NAME: 'function',
    _X_AMZN_TRACE_ID: 'Root=1-5759e988-bd862e3fe1be46a994272793',
  };
  yield { AWS_EXECUTION_ENV: 'AWS_ECS_FARGATE', AWS_REGION: 'us-east-1', AWS_DEFAULTS_MODE: 'auto' };
  const folder = await mkdtemp(join(tmpdir(), 'aws-config-'));
  try {
    let count = 0;
    const file = async (text: string) => {
      const path = join(folder, `config-${count++}`);
      await writeFile(path, text);
      return path;
    };
    for (const value of values) {
      for (const key of keys) {
        const line = `${key} = ${value}\n`;
        yield { AWS_CONFIG_FILE: await file(`[default]\n${line}`) };
        yield { AWS_CONFIG_FILE: await file(`[default]\n[profile work]\n${line}`), AWS_PROFILE: 'work' };
      }
    }
    const services = '[services mine]\nsso_oidc =\n  endpoint_url = https://elsewhere.example\n';
    yield { AWS_CONFIG_FILE: await file(`[default]\nservices = mine\n${services}`) };
    yield { AWS_CONFIG_FILE: await file(`[default]\nservices = none\n${services}`) };
    yield { AWS_CONFIG_FILE: await file('[default\nuse_fips_endpoint') };
    yield { AWS_CONFIG_FILE: folder };
    yield { AWS_CONFIG_FILE: join(folder, 'none'), AWS_PROFILE: 'none' };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
