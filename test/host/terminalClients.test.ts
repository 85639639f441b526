import { execFile, execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { terminalProgram } from '../../src/adapters/node/terminalProgram.ts';
import { openTerminalSocket } from '../../src/adapters/node/terminalSocket.ts';
import type { TerminalSocket } from '../../src/adapters/node/terminalSocket.ts';
import type { Session } from '../../src/core/session/session.ts';
import { answerTerminal } from '../../src/features/terminalAccess.ts';
import { parseTerminalRequest } from '../../src/features/terminalRequest.ts';
import { headless } from '../protocol/headless.ts';
import type { Headless } from '../protocol/headless.ts';
import { ana as anaName, approving, ben, signingInAtOkta } from '../protocol/people.ts';
import { freePorts } from '../unit/fakes/ports.ts';
import { startSandbox } from '../sandbox/sandbox.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { distFolder, projectRoot } from '../tools/lib/paths.ts';
import { allowPrograms } from '../../src/features/sessionMarks.ts';

/**
 * Real client programs with the packaged `sso-token`: `kubectl`, `git`, `aws` and `curl` against stand-ins that
 * validate requests. The window is the product without an editor.
 */

const OKTA_SECONDS = 6;
const never = new AbortController().signal;
const pem = (name: string) => readFileSync(join(projectRoot, `test/protocol/faults/untrusted.${name}.pem`));

let sandbox: Sandbox;
let folder = '';
let product: Headless;
let ana: Session;
let center: Session;
let program: Awaited<ReturnType<typeof terminalProgram>>;
let window: TerminalSocket;
const servers: Server[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'terminal-clients-'));
  program = await terminalProgram(join(distFolder, 'extension', 'bin'));
  const redirectUris = (await freePorts(3)).map((port) => `http://localhost:${port}/oauth/callback`);
  sandbox = await startSandbox({ okta: { redirectUris, accessTokenSeconds: OKTA_SECONDS } });
  product = headless(sandbox);
  ana = await share(
    await product.sessions.signIn(product.okta, {}, signingInAtOkta(sandbox, anaName), never),
  );
  const connection = { ...product.identityCenter, name: 'Work', scopes: ['sso:account:access'] };
  center = await share(await product.sessions.signIn(connection, {}, approving(sandbox, anaName), never));
  window = await openWindow(ana);
});
afterAll(async () => {
  window[Symbol.dispose]();
  for (const server of servers) server.close();
  product[Symbol.dispose]();
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});

async function share(session: Session): Promise<Session> {
  await allowPrograms(product.sessions, session.id, 'laptop');
  return session;
}

/** A window in which a user selected this session. */
function openWindow(chosen: Session): Promise<TerminalSocket> {
  return openTerminalSocket(async ({ request }, signal) => {
    const parsed = parseTerminalRequest(request);
    if (parsed === undefined) return { failure: { exitCode: 2, message: 'not a request' } };
    const outcome = await answerTerminal(
      {
        sessions: product.sessions,
        organization: async () => ({ file: '/p', state: 'none', policy: {}, files: [] }),
        hostName: 'laptop',
        now: () => Date.now(),
        http: (url, init) => fetch(url, init),
        gitHosts: () => ({ [new URL(git.url).host]: ana.account.label }),
        everShared: () => [],
        byDefault: () => chosen.id,
        signIn: async () => {
          throw new Error('No sign-in was asked for');
        },
      },
      parsed,
      signal,
    );
    if ('problem' in outcome) return { failure: { exitCode: 1, message: outcome.problem.kind } };
    if ('list' in outcome) return outcome;
    const { session: _session, ...answer } = outcome;
    return answer;
  });
}

interface Run {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The environment of a terminal in a window. */
function environmentOf(of: TerminalSocket): NodeJS.ProcessEnv {
  return {
    ...process.env,
    ...program.variables,
    PATH: `${program.path}${process.env['PATH'] ?? ''}`,
    DEVELOPER_SIGN_IN_SOCKET: of.path,
    DEVELOPER_SIGN_IN_SECRET: of.secret,
    GIT_TERMINAL_PROMPT: '0',
    GIT_CONFIG_GLOBAL: '/dev/null',
    AWS_CONFIG_FILE: join(folder, 'aws-config'),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'none'),
    AWS_EC2_METADATA_DISABLED: 'true',
    KUBECONFIG: join(folder, 'kubeconfig'),
    HOME: folder,
  };
}

/** Runs a command in a terminal of a window. */
function run(command: string, of: TerminalSocket = window): Promise<Run> {
  const options = { env: environmentOf(of), timeout: 60_000 };
  return new Promise((resolve) => {
    execFile('/bin/sh', ['-c', command], options, (error, stdout, stderr) => {
      resolve({ exitCode: error === null ? 0 : Number(error.code ?? -1), stdout, stderr });
    });
  });
}

interface StandIn {
  readonly url: string;
  /** Received tokens, newest last. */
  readonly seen: string[];
}

async function serve(listener: RequestListener, isTls = false): Promise<string> {
  const server = isTls
    ? createTlsServer({ key: pem('key'), cert: pem('certificate') }, listener)
    : createServer(listener);
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `${isTls ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);
const bearerOf = ({ headers }: IncomingMessage): string =>
  /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1] ?? '';
/** SHA-256 of the token that the product would return now. */
const current = async (session: Session): Promise<string> =>
  hash((await product.sessions.withFreshToken(session.id, never)).tokenSet.accessToken);

/**
 * Runs a command that sends a session's token: the token before or after the command, since it may be refreshed
 * meanwhile.
 */
async function runWithToken(
  command: string,
  session: Session,
  of?: TerminalSocket,
): Promise<Run & { readonly tokens: readonly string[] }> {
  const before = await current(session);
  const done = await run(command, of);
  return { ...done, tokens: [before, await current(session)] };
}

describe('kubectl with an exec plugin', () => {
  const api: StandIn = { url: '', seen: [] };

  beforeAll(async () => {
    const url = await serve((request, response) => {
      const token = bearerOf(request);
      api.seen.push(hash(token));
      if (token === '') response.writeHead(401).end();
      else response.writeHead(200, { 'content-type': 'application/json' }).end('{"kind":"Me"}');
    }, true);
    Object.assign(api, { url });
    writeFileSync(
      join(folder, 'kubeconfig'),
      `apiVersion: v1
kind: Config
current-context: test
clusters: [{ name: test, cluster: { server: "${url}", insecure-skip-tls-verify: true } }]
contexts: [{ name: test, context: { cluster: test, user: me } }]
users:
  - name: me
    user:
      exec:
        apiVersion: client.authentication.k8s.io/v1
        interactiveMode: Never
        command: sso-token
        args: ["--exec-credential"]
`,
    );
  });

  it('sends the token', async () => {
    const { tokens, ...done } = await runWithToken('kubectl get --raw /me', ana);
    expect(done).toMatchObject({ exitCode: 0, stdout: '{"kind":"Me"}' });
    expect(tokens).toContain(api.seen.at(-1));
  });

  it('sends the next token after the first has expired, without a restart', async () => {
    const proxy = spawn('kubectl', ['proxy', '--port=0'], { env: environmentOf(window) });
    try {
      const [said] = (await once(proxy.stdout, 'data')) as [Buffer];
      const url = `http://${/Starting to serve on (\S+)/.exec(said.toString())?.[1]}/me`;
      const tokenOf = async (): Promise<string> => {
        const { status } = await fetch(url);
        expect(status).toBe(200);
        return api.seen.at(-1) ?? '';
      };
      const [first, began] = [await tokenOf(), Date.now()];
      expect(await tokenOf()).toBe(first);
      await sleep(began + OKTA_SECONDS * 1000 - Date.now());
      expect(await tokenOf()).not.toBe(first);
      const usable = await current(ana);
      expect([usable, api.seen.at(-1)]).toContain(await tokenOf());
    } finally {
      proxy.kill();
    }
  });
});

const git: StandIn = { url: 'http://127.0.0.1:1', seen: [] };

describe('git with a credential helper', () => {
  const helper = `-c credential.helper= -c credential.helper='!sso-token --git-credential'`;

  beforeAll(async () => {
    const url = await serve((request, response) => {
      const basic = /^Basic (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
      if (basic === undefined) {
        response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
        return;
      }
      const [user = '', password = ''] = Buffer.from(basic, 'base64').toString().split(':');
      git.seen.push(`${user} ${hash(password)}`);
      // A static repository, which Git can read (gitprotocol-http(5), the dumb protocol).
      const file = join(folder, new URL(request.url ?? '', 'http://git').pathname);
      if (existsSync(file)) response.end(readFileSync(file));
      else response.writeHead(404).end();
    });
    Object.assign(git, { url });
  });

  /** Commits to the served repository. */
  function commit(message: string): string {
    const author = ['-c', 'user.name=ana', '-c', 'user.email=ana@example.com'];
    const call = (...of: readonly string[]) =>
      execFileSync('git', of, { cwd: folder, encoding: 'utf8', env: environmentOf(window) }).trim();
    call('init', '-q', '--bare', 'repo.git');
    const tree = call('-C', 'repo.git', 'mktree', '--missing');
    const made = call('-C', 'repo.git', ...author, 'commit-tree', tree, '-m', message);
    call('-C', 'repo.git', 'update-ref', 'HEAD', made);
    call('-C', 'repo.git', 'update-server-info');
    return made;
  }

  it('signs in to a listed host, for a clone and each fetch', async () => {
    const first = commit('first');
    const cloned = await runWithToken(
      `cd ${folder} && git ${helper} clone -q ${git.url}/repo.git clone`,
      ana,
    );
    expect(cloned).toMatchObject({ exitCode: 0, stderr: '' });
    expect(cloned.tokens.map((token) => `oauth2 ${token}`)).toContain(git.seen.at(-1));
    const second = commit('second');
    const fetched = await runWithToken(
      `cd ${folder}/clone && git ${helper} fetch -q && git rev-parse HEAD FETCH_HEAD`,
      ana,
    );
    expect(fetched).toMatchObject({ exitCode: 0, stderr: '', stdout: `${first}\n${second}\n` });
    expect(fetched.tokens.map((token) => `oauth2 ${token}`)).toContain(git.seen.at(-1));
  });

  it('sends nothing to another host', async () => {
    const seen: string[] = [];
    const other = await serve((request, response) => {
      seen.push(request.headers.authorization ?? '');
      response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
    });
    const { exitCode, stderr } = await run(`git ${helper} ls-remote ${other}/repo.git`);
    expect(exitCode).not.toBe(0);
    expect(stderr).toMatch(/sso-token: gitHost/);
    expect(new Set(seen)).toEqual(new Set(['']));
  });
});

describe('aws with a credential_process', () => {
  const aws: StandIn = { url: '', seen: [] };

  beforeAll(async () => {
    const url = await serve((request, response) => {
      const { authorization = '', 'x-amz-security-token': sessionToken = '' } = request.headers;
      const key = /Credential=([^/]+)\//.exec(authorization)?.[1] ?? '';
      aws.seen.push(`${key} ${sessionToken === '' ? 'without' : 'with'} session token`);
      request.resume();
      response.setHeader('content-type', 'text/xml');
      const account = key.slice(4, 16);
      response.end(
        request.method === 'POST'
          ? `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>` +
              `<Arn>arn:aws:sts::${account}:assumed-role/x/ana</Arn><UserId>x</UserId><Account>${account}</Account>` +
              `</GetCallerIdentityResult></GetCallerIdentityResponse>`
          : `<ListAllMyBucketsResult><Buckets><Bucket><Name>bucket-of-${account}</Name>` +
              `<CreationDate>2026-01-01T00:00:00Z</CreationDate></Bucket></Buckets></ListAllMyBucketsResult>`,
      );
    });
    Object.assign(aws, { url });
    const profile = (name: string, account: string, role: string): string =>
      `[profile ${name}]\nregion = us-east-1\ncredential_process = sso-token Work --aws-credentials --account ${account} --role ${role}\n`;
    writeFileSync(
      join(folder, 'aws-config'),
      profile('dev', '111122223333', 'Developer') +
        profile('prod', '444455556666', 'ReadOnly') +
        profile('none', '444455556666', 'Developer'),
    );
  });

  it.each([
    ['dev', '111122223333', 'DEVE'],
    ['prod', '444455556666', 'READ'],
  ])('uses the account of the profile %s', async (profile, account, role) => {
    const { stdout, stderr } = await run(
      `aws sts get-caller-identity --profile ${profile} --endpoint-url ${aws.url} --query Account --output text`,
    );
    expect({ stdout: stdout.trim(), stderr }).toEqual({ stdout: account, stderr: '' });
    expect(aws.seen.at(-1)).toBe(`ASIA${account}${role} with session token`);
  });

  it('lists buckets', async () => {
    const { stdout } = await run(`AWS_PROFILE=dev aws s3 ls --endpoint-url ${aws.url}`);
    expect(stdout).toMatch(/bucket-of-111122223333/);
  });

  it('reports a missing role', async () => {
    const { exitCode, stderr } = await run(
      `aws sts get-caller-identity --profile none --endpoint-url ${aws.url}`,
    );
    expect(exitCode).not.toBe(0);
    expect(stderr).toMatch(/sso-token: noRole/);
  });

  it('gets nothing for a session that the portal has ended', async () => {
    const token = (await product.sessions.withFreshToken(center.id, never)).tokenSet.accessToken;
    sandbox.identityCenter.endSession(sandbox.identityCenter.sessionOf(token)?.id ?? '');
    const { stderr } = await run(`aws sts get-caller-identity --profile dev --endpoint-url ${aws.url}`);
    expect(stderr).toMatch(/sso-token: signInNeeded/);
  });
});

describe('two windows with different accounts', () => {
  it('each get their own token', async () => {
    const second = await product.sessions.signIn(
      product.okta,
      { prompt: 'login' },
      signingInAtOkta(sandbox, ben),
      never,
    );
    await share(second);
    expect(second.id).not.toBe(ana.id);
    using other = await openWindow(second);
    const url = await serve((request, response) => response.end(hash(bearerOf(request))));
    const call = `sso-token --header | curl -s -H @- ${url}`;
    const [one, two] = await Promise.all([run(call), run(call, other)]);
    expect(one.stdout).toBe(await current(ana));
    expect(two.stdout).toBe(await current(second));
    expect(one.stdout).not.toBe(two.stdout);
  });
});
