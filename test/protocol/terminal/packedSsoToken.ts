import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll } from 'vitest';
import { terminalProgram } from '../../../src/adapters/node/terminalProgram.ts';
import { openTerminalSocket } from '../../../src/adapters/node/terminalSocket.ts';
import type { TerminalResponse } from '../../../src/features/terminalProtocol.ts';
import { projectRoot } from '../../tools/lib/paths.ts';

export interface Run {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Generous, for a busy machine. */
const buildMilliseconds = 120_000;

/** The response of every window, unless a test overrides it. */
const token = {
  accessToken: 'access-marked-secret',
  expiresAt: Date.UTC(2026, 0, 1, 12),
  scopes: ['api.read'],
  connection: 'My Okta',
  account: 'ada@example.com',
};

/** The packaged `sso-token` for the tests of a file: in a folder of this name, run by a shell, with real sockets. */
export function packedSsoToken(name = 'extension') {
  let dist = '';
  let environment: Readonly<Record<string, string>> = {};
  beforeAll(async () => {
    dist = mkdtempSync(join(tmpdir(), 'sso-token-dist-'));
    await promisify(execFile)(process.execPath, ['esbuild.mjs', join(dist, name)], { cwd: projectRoot });
    const bin = join(dist, name, 'bin');
    chmodSync(join(bin, 'sso-token'), 0o644); // As in a package that was made on Windows.
    const { path, variables } = await terminalProgram(bin);
    environment = { ...ofWindows(), PATH: `${path}${process.env['PATH'] ?? ''}`, ...variables };
  }, buildMilliseconds);
  afterAll(() => rmSync(dist, { recursive: true, force: true }));
  return {
    token,
    /** The environment of a terminal that has the program but no window. */
    environment: () => environment,
    /** The folder of the scripts. */
    bin: () => join(dist, name, 'bin'),
    editor: async (answer: () => Promise<TerminalResponse> = async () => ({ token })) => {
      const received: unknown[] = [];
      const socket = await openTerminalSocket(async ({ request }) => {
        received.push(request);
        return answer();
      });
      const { path, secret } = socket;
      return {
        ...socket,
        received,
        env: { ...environment, DEVELOPER_SIGN_IN_SOCKET: path, DEVELOPER_SIGN_IN_SECRET: secret },
      };
    },
  };
}

/** On Windows, programs do not start, and the temporary folder is not found, without these. */
function ofWindows(): Readonly<Record<string, string>> {
  const names = process.platform === 'win32' ? ['SystemRoot', 'ComSpec', 'TEMP', 'PATHEXT'] : [];
  return Object.fromEntries(names.map((name) => [name, process.env[name] ?? '']));
}

/** A command in a shell. */
export async function shell(
  command: string,
  env: Readonly<Record<string, string>>,
  program = '/bin/sh',
): Promise<Run> {
  return new Promise((resolve) => {
    execFile(program, ['-c', command], { env, timeout: 15_000 }, (error, stdout, stderr) => {
      resolve({ exitCode: error === null ? 0 : Number(error.code ?? -1), stdout, stderr });
    });
  });
}
