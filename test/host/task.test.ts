import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
  const task = {
    ...{ label: 'call the API', type: 'shell', problemMatcher: [] },
    command: `printf %s "$API_TOKEN" > ${join(folder, 'token')}`,
    options: { env: { API_TOKEN: '${command:developerSignIn.token}' } },
    presentation: { reveal: 'never', close: true },
  };
  writeFileSync(join(place, 'tasks.json'), JSON.stringify({ version: '2.0.0', tasks: [task] }));
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

it('a task gets the token of its input, after a question that is asked once', async () => {
  const file = join(folder, 'token');
  const runTask = async (): Promise<void> => {
    await window.runCommand('Tasks: Run Task');
    await window.quickInput.pick('call the API');
  };
  const written = () =>
    eventually('what the task wrote', async () => {
      const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
      return text === '' ? undefined : createHash('sha256').update(text).digest('hex');
    });
  await runTask();
  const { detail } = await window.dialogs.answer(/^Let one use ana@example\.com\?/, 'Allow');
  expect(detail).toMatch(/Tasks, debugging, MCP servers, and extensions in this workspace/);
  expect(await written()).toBe(tokenHash);
  rmSync(file);
  await runTask();
  expect(await written()).toBe(tokenHash);
});
