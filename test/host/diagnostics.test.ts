import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { ACCOUNTS, signIn, statusShows } from './asPerson.ts';
import { eventually } from './eventually.ts';
import { shareScene } from './scene.ts';
import type { Workbench } from './workbench.ts';

const COPY = 'SSO: Copy Diagnostics';
const HELD_PORT = 6588;

const scene = shareScene({
  // Unused and harmless, but it contains a password.
  settings: { 'http.proxy': 'http://ana:MARKED-4711@proxy.example:8080', 'http.proxySupport': 'off' },
});
let window: Workbench;
let holder: Server;
let report: string;

beforeAll(async () => {
  holder = createServer().listen({ port: HELD_PORT, host: '::1', exclusive: true });
  await once(holder, 'listening');
  window = await scene().openWindow();
  await signIn(window, 'okta');
  await statusShows(window, new RegExp(ACCOUNTS.okta));
});
afterAll(() => {
  holder.close();
});

describe('diagnostics', () => {
  it('copies diagnostics and shows the copied text', async () => {
    await window.runCommand(COPY);
    const { message } = await window.notifications.waitFor(/^Diagnostics copied/);
    expect(message).toBe('Diagnostics copied to clipboard.');
    report = await eventually('the report in the clipboard', async () => {
      const text = await window.clipboard();
      return text.startsWith('# Developer Sign-In diagnostics') ? text : undefined;
    });
  });

  it.each([
    ['the versions', /- Extension: \d+\.\d+\.\d+\n- Editor: .+ \d+\.\d+\.\d+ \(.+\), en\n- Node\.js: v\d/],
    ['the host', /extension runs: workspace; remote: 127\.0\.0\.1:\d+/],
    ['the sign-in environment', /Sign-in environment: loopbackWorkbench \(browser redirect: may work\)/],
    ['a port that is free', /\| 2128 \| free \| free \|/],
    ['a port that is held, with the address and the code', /\| 6588 \| free \| EADDRINUSE \|/],
    ['the proxy', /- http\.proxy: `http:\/\/proxy\.example:8080`\n- http\.proxySupport: off/],
    ['the clock of the server', /- `127\.0\.0\.2:\d+`: [+-]\d+ s, seen/],
    ['the keyring', /- Keyring: answers, \d+ secrets, sealing key: there/],
    ['the locks', /- Locks: none held/],
    [
      'the connections',
      /- Sandbox Okta: `okta http:\/\/127\.0\.0\.2:\d+\/oauth2\/\S+ \S+`; scopes codewhisperer:/,
    ],
    ['the session', /- [\da-f]{32}: `a…@example\.com \(http:\/\/127\.0\.0\.2:\d+\/oauth2\/\S+\)` at `okta/],
    ['its life', /refresh token: there; scopes codewhisperer:completions/],
    [
      'the last events',
      /````text\n[^`]*\[info\] Signed in: session="a…@example\.com \(http:\S+\) [\da-f]{8}"/,
    ],
  ])('include %s', (_, text) => {
    expect(report).toMatch(text);
  });

  it('do not contain tokens, passwords, names or the home folder', () => {
    expect(report).not.toMatch(/eyJ|MARKED|ana:|ana@/);
    expect(report).not.toContain(scene().host.folders.home);
  });

  it('are shown for review before sharing', async () => {
    await window.notifications.press(/Diagnostics copied/, 'Open');
    await window.page.locator('.tab', { hasText: 'Untitled-1' }).waitFor();
    await window.page.locator('.view-line', { hasText: 'Developer Sign-In diagnostics' }).first().waitFor();
    expect(await window.notifications.shown()).toEqual([]);
  });
});
