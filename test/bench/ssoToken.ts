import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { terminalProgram } from '../../src/adapters/node/terminalProgram.ts';
import { openTerminalSocket } from '../../src/adapters/node/terminalSocket.ts';
import { distFolder } from '../tools/lib/paths.ts';
import type { Figure } from './figure.ts';
import { median } from './statistics.ts';

const RUNS = 31;
const MORE_THAN_NODE = { most: 60, kind: 'time' } as const;

const run = promisify(execFile);

/**
 * `sso-token` as it is packed, from the shell to the printed token, beside the same Node that starts and does nothing:
 * one after the other, so that both meet the same machine.
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
  const bare: number[] = [];
  const own: number[] = [];
  for (let count = 0; count < RUNS; count += 1) {
    bare.push(await millisecondsOf(() => run(process.execPath, ['-e', '0'], { env })));
    own.push(await millisecondsOf(() => runSsoToken(env)));
  }
  const [node, ssoToken] = [median(bare), median(own)];
  return [
    { name: `Node alone, median of ${RUNS}`, value: node, unit: 'ms', samples: bare },
    { name: `sso-token, median of ${RUNS}`, value: ssoToken, unit: 'ms', samples: own },
    { name: '  more than Node alone', value: ssoToken - node, unit: 'ms', bound: MORE_THAN_NODE },
    { name: '  times Node alone', value: ssoToken / node, unit: '' },
  ];
}

/** @throws an Error where it printed something else than the token */
async function runSsoToken(env: NodeJS.ProcessEnv): Promise<void> {
  const { stdout } = await run('sso-token', { env });
  if (stdout !== 'a-token\n') throw new Error(`sso-token printed ${JSON.stringify(stdout)}`);
}

async function millisecondsOf(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
