import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { terminalProgram } from '../../src/adapters/node/terminalProgram.ts';
import { openTerminalSocket } from '../../src/adapters/node/terminalSocket.ts';
import { distFolder } from '../tools/lib/paths.ts';
import type { Figure } from './figure.ts';
import { median } from './statistics.ts';

const RUNS = 31;
const MORE_THAN_NODE = { most: 60, kind: 'time' } as const;
const TIMES_PLUGIN = { most: 1.5, kind: 'time' } as const;

const run = promisify(execFile);

/** A credential plugin such as kubelogin with a valid token: reads it from a file and prints it. */
const cachingPlugin = `
  const { access_token: token, expires_at: end } = JSON.parse(require('node:fs').readFileSync(process.argv[1], 'utf8'));
  if (end * 1000 > Date.now()) console.log(token);`;

/**
 * The packaged `sso-token` from the shell to the printed token, compared with Node starting an empty program and
 * with a plugin that reads its token from a file. Runs alternate, so that other load affects all equally.
 */
export async function measureSsoToken(): Promise<Figure[]> {
  const { path, variables } = await terminalProgram(join(distFolder, 'extension', 'bin'));
  using window = await openTerminalSocket(async () => ({
    token: {
      ...{ accessToken: 'a-token', expiresAt: Date.now() + 3600_000, scopes: [] },
      ...{ connection: 'Sandbox', account: 'ana@example.com' },
    },
  }));
  const env = {
    ...variables,
    PATH: `${path}${process.env['PATH'] ?? ''}`,
    DEVELOPER_SIGN_IN_SOCKET: window.path,
    DEVELOPER_SIGN_IN_SECRET: window.secret,
  };
  const folder = await mkdtemp(join(tmpdir(), 'cached-token-'));
  const file = join(folder, 'token.json');
  await writeFile(file, JSON.stringify({ access_token: 'a-token', expires_at: Date.now() / 1000 + 3600 }));
  const bare: number[] = [];
  const cached: number[] = [];
  const own: number[] = [];
  for (let count = 0; count < RUNS; count += 1) {
    bare.push(await millisecondsOf(() => run(process.execPath, ['-e', '0'], { env })));
    cached.push(await millisecondsOf(() => runPrinting(process.execPath, ['-e', cachingPlugin, file], env)));
    own.push(await millisecondsOf(() => runPrinting('sso-token', [], env)));
  }
  await rm(folder, { recursive: true });
  const [node, plugin, ssoToken] = [median(bare), median(cached), median(own)];
  return [
    { name: `Node alone, median of ${RUNS}`, value: node, unit: 'ms', samples: bare },
    { name: `sso-token, median of ${RUNS}`, value: ssoToken, unit: 'ms', samples: own },
    { name: '  sso-token minus Node alone', value: ssoToken - node, unit: 'ms', bound: MORE_THAN_NODE },
    { name: '  sso-token / Node alone', value: ssoToken / node, unit: '' },
    {
      name: `a plugin with its token in a file, median of ${RUNS}`,
      value: plugin,
      unit: 'ms',
      samples: cached,
    },
    {
      name: '  sso-token / a plugin with its token in a file',
      value: ssoToken / plugin,
      unit: '',
      bound: TIMES_PLUGIN,
    },
  ];
}

/** @throws an Error if it did not print the token */
async function runPrinting(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const { stdout } = await run(program, args, { env });
  if (stdout !== 'a-token\n') throw new Error(`${program} printed ${JSON.stringify(stdout)}`);
}

async function millisecondsOf(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
