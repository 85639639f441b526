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
  // Not used, and so harmless; but it is there, with a password in it.
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
  it('are copied, and the person sees what was copied', async () => {
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
    ['the proxy', /- http\.proxy: http:\/\/proxy\.example:8080\n- http\.proxySupport: off/],
    ['the clock of the server', /- `127\.0\.0\.2:\d+`: [+-]\d+ s, seen/],
    ['the keyring', /- Keyring: answers, \d+ secrets, sealing key: there/],
    ['the locks', /- Locks: none held/],
    [
      'the connections',
      /- Sandbox Okta: okta http:\/\/127\.0\.0\.2:\d+\/oauth2\/\S+ \S+; scopes codewhisperer:/,
    ],
    ['the session', /- [\da-f]{32}: `a…@example\.com \(http:\/\/127\.0\.0\.2:\d+\/oauth2\/\S+\)` at okta/],
    ['its life', /refresh token: there; scopes codewhisperer:completions/],
    [
      'the last events',
      /````text\n[^`]*\[info\] Signed in: session="a…@example\.com \(http:\S+\) [\da-f]{8}"/,
    ],
  ])('tell %s', (_, text) => {
    expect(report).toMatch(text);
  });

  it('hold no token, no password, no name and no home folder', () => {
    expect(report).not.toMatch(/eyJ|MARKED|ana:|ana@/);
    expect(report).not.toContain(scene().host.folders.home);
  });

  it('can be read before they are pasted', async () => {
    await window.notifications.press(/Diagnostics copied/, 'Open');
    await window.page.locator('.tab', { hasText: 'Untitled-1' }).waitFor();
    await window.page.locator('.view-line', { hasText: 'Developer Sign-In diagnostics' }).first().waitFor();
    expect(await window.notifications.shown()).toEqual([]);
  });
});
