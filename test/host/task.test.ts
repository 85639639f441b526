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
import { openScene } from './scene.ts';
import type { Scene } from './scene.ts';
import type { Workbench } from './workbench.ts';

/** A task with a token in its environment. Not searched for secrets: at the level Trace, VS Code logs that environment. */

let scene: Scene;
let window: Workbench;
let folder = '';
/** The hash of the token that another extension gets. */
let tokenHash: string | undefined;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'task-test-'));
  scene = await openScene();
  // Before the window is there: VS Code sees the file late otherwise.
  const place = join(scene.host.folders.workspaces, 'one', '.vscode');
  mkdirSync(place, { recursive: true });
  const taskWith = (label: string, token: string) => ({
    ...{ label, type: 'shell', problemMatcher: [] },
    command: `printf %s "$API_TOKEN" > '${join(folder, label)}'`,
    options: { env: { API_TOKEN: token } },
    presentation: { reveal: 'never', close: true },
  });
  const nowhere = { connection: 'Nowhere' };
  const inputs = [
    { id: 'token', type: 'command', command: 'developerSignIn.token' },
    { id: 'nowhere', type: 'command', command: 'developerSignIn.token', args: nowhere },
  ];
  const tasks = [
    taskWith('call the API', '${command:developerSignIn.token}'),
    taskWith('call by an input', '${input:token}'),
    taskWith('call nowhere', '${input:nowhere}'),
  ];
  writeFileSync(join(place, 'tasks.json'), JSON.stringify({ version: '2.0.0', inputs, tasks }));
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

it('a task never starts with the text ${input:token}: after Escape, and for a connection that does not exist', async () => {
  await runTask('call by an input');
  await window.dialogs.answer(/^Let one use ana@example\.com\?/, 'Cancel');
  await window.notifications.waitFor(/didn’t start because it got no token/);
  await runTask('call nowhere');
  await window.notifications.waitFor(/no connection or account named “Nowhere”\. You have: “Sandbox Okta”/);
});

it('a task gets the token of its input, after a question that is asked once', async () => {
  const written = (name = 'call the API') =>
    eventually('what the task wrote', async () => {
      const file = join(folder, name);
      const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
      return text === '' ? undefined : createHash('sha256').update(text).digest('hex');
    });
  await runTask('call the API');
  const { detail } = await window.dialogs.answer(/^Let one use ana@example\.com\?/, 'Allow');
  expect(detail).toMatch(/Tasks, debugging, MCP servers, and extensions in this workspace/);
  expect(await written()).toBe(tokenHash);
  // One that had started before would have written by now.
  expect(readdirSync(folder)).toEqual(['call the API']);
  await runTask('call by an input');
  expect(await written('call by an input')).toBe(tokenHash);
});
