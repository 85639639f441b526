import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { finishSignIn } from './asPerson.ts';
import { eventually } from './eventually.ts';
import { COMPILE_CACHE } from './leanHost.ts';
import { openScene } from './scene.ts';
import type { Scene } from './scene.ts';
import type { Workbench } from './workbench.ts';

/**
 * Tasks, debug sessions and MCP servers with a token in their environment. Not searched for secrets: at level
 * Trace, VS Code logs that environment.
 */

let scene: Scene;
let window: Workbench;
let folder = '';
/** SHA-256 of the token that another extension gets. */
let tokenHash: string | undefined;

/** Writes its token to a file, and then acts as an MCP server without capabilities. */
const mcpServer = (target: string): string => `
  const { writeFileSync } = require('node:fs');
  writeFileSync(${JSON.stringify(target)}, process.env.API_TOKEN);
  require('node:readline').createInterface(process.stdin).on('line', (line) => {
    const { id, method, params } = JSON.parse(line);
    const serverInfo = { name: 'test', version: '1.0.0' };
    const result =
      method === 'initialize' ? { protocolVersion: params.protocolVersion, capabilities: {}, serverInfo } : {};
    if (id !== undefined) console.log(JSON.stringify({ jsonrpc: '2.0', id, result }));
  });
`;

/** `tasks.json`, `launch.json` and `mcp.json`: each program writes its token to a file named after it. */
function writeWorkspace(place: string): void {
  const nowhere = { connection: 'Nowhere' };
  const inputs = [
    { id: 'token', type: 'command', command: 'developerSignIn.token' },
    { id: 'nowhere', type: 'command', command: 'developerSignIn.token', args: nowhere },
  ];
  const [byCommand, byInput] = ['${command:developerSignIn.token}', '${input:token}'];
  const write = (name: string, content: object): void =>
    writeFileSync(join(place, name), JSON.stringify(content, undefined, 2));
  const taskWith = (label: string, token: string) => ({
    ...{ label, type: 'shell', problemMatcher: [] },
    command: `printf %s "$API_TOKEN" > '${join(folder, label)}'`,
    options: { env: { API_TOKEN: token } },
    presentation: { reveal: 'never', close: true },
  });
  const tasks = [
    taskWith('call the API', byCommand),
    taskWith('call by an input', byInput),
    taskWith('call nowhere', '${input:nowhere}'),
  ];
  write('tasks.json', { version: '2.0.0', inputs, tasks });
  const program = join(place, 'program.js');
  writeFileSync(program, `require('node:fs').writeFileSync(process.argv[2], process.env.API_TOKEN);`);
  const debugging = (name: string, token: string) => ({
    ...{ name, type: 'node', request: 'launch', program, runtimeExecutable: process.execPath },
    args: [join(folder, name)],
    env: { API_TOKEN: token },
  });
  const configurations = [debugging('debug', byCommand), debugging('debug by an input', byInput)];
  write('launch.json', { version: '0.2.0', inputs, configurations });
  const server = (name: string, token: string) => {
    const script = join(place, `${name}.js`);
    writeFileSync(script, mcpServer(join(folder, name)));
    return {
      [name]: { type: 'stdio', command: process.execPath, args: [script], env: { API_TOKEN: token } },
    };
  };
  write('mcp.json', {
    inputs,
    servers: { ...server('server', byCommand), ...server('server by an input', byInput) },
  });
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'task-test-'));
  // If built-in AI features are off, VS Code does not offer MCP servers.
  scene = await openScene({
    settings: { 'chat.disableAIFeatures': false },
    host: { env: COMPILE_CACHE },
  });
  // Write them before the window opens: VS Code detects new files late.
  const place = join(scene.host.folders.workspaces, 'one', '.vscode');
  mkdirSync(place, { recursive: true });
  writeWorkspace(place);
  window = await scene.openWindow();
  const probe = await window.probe();
  const scopes = ['codewhisperer:completions', 'codewhisperer:conversations'];
  const asked = probe.getSession({ providerId: 'okta', scopes, options: { createIfNone: true } });
  await window.dialogs.allowSignIn();
  await finishSignIn(window, 'okta');
  tokenHash = (await asked)?.tokenHash;
});
afterAll(async () => {
  await scene.close();
  rmSync(folder, { recursive: true, force: true });
});

async function runTask(label: string): Promise<void> {
  await window.runCommand('Tasks: Run Task');
  await window.quickInput.pick(label);
}

async function debug(name: string): Promise<void> {
  await window.runCommand('Debug: Select and Start Debugging');
  await window.quickInput.pick(name);
}

async function startServer(name: string): Promise<void> {
  await window.runCommand('MCP: List Servers');
  await window.quickInput.pick(name);
  await window.quickInput.pick('Start Server');
}

const QUESTION = /^Let the workspace “one” use ana@example\.com\?/;
const NO_TOKEN = /didn’t start because it got no token/;

it('does not start a task with the literal text ${input:token}, after Escape or for an unknown connection', async () => {
  await runTask('call by an input');
  await window.dialogs.answer(QUESTION, 'Cancel');
  await window.notifications.waitFor(NO_TOKEN);
  await runTask('call nowhere');
  await window.notifications.waitFor(/no connection or account named “Nowhere”\. You have: “Sandbox Okta”/);
});

it('does not start a debug session either', async () => {
  for (const name of ['debug', 'debug by an input']) {
    await debug(name);
    await window.dialogs.answer(QUESTION, 'Cancel');
    const { buttons } = await window.dialogs.answer(NO_TOKEN, 'Cancel');
    expect(buttons).toContain("Open 'launch.json'");
  }
});

it('does not start an MCP server either', async () => {
  for (const name of ['server', 'server by an input']) {
    await window.runCommand('Notifications: Clear All Notifications');
    await startServer(name);
    await window.dialogs.answer(QUESTION, 'Cancel');
    const { message } = await window.notifications.waitFor(NO_TOKEN);
    expect(message).toContain(`Error starting ${name}: `);
  }
});

it('gives each a token after asking once per workspace', async () => {
  const written = (name: string) =>
    eventually(`what “${name}” wrote`, async () => {
      const file = join(folder, name);
      const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
      return text === '' ? undefined : createHash('sha256').update(text).digest('hex');
    });
  await runTask('call the API');
  const { detail } = await window.dialogs.answer(QUESTION, 'Allow');
  expect(detail).toMatch(/Tasks, debugging, MCP servers, and extensions in this workspace/);
  expect(await written('call the API')).toBe(tokenHash);
  // A task that started earlier would have written by now.
  expect(readdirSync(folder)).toEqual(['call the API']);
  await runTask('call by an input');
  expect(await written('call by an input')).toBe(tokenHash);
  for (const name of ['debug', 'debug by an input']) {
    await debug(name);
    expect(await written(name)).toBe(tokenHash);
  }
  for (const name of ['server', 'server by an input']) {
    await startServer(name);
    expect(await written(name)).toBe(tokenHash);
  }
});
