import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { ACCOUNTS, COMMANDS, finishSignIn, signIn, signOut, statusShows } from './asPerson.ts';
import { detailsPageShows } from './detailsPage.ts';
import { eventually } from './eventually.ts';
import type { Patience } from './eventually.ts';
import { shareScene } from './scene.ts';
import { openTerminal, terminalAt } from './terminal.ts';
import type { RealTerminal } from './terminal.ts';
import type { Workbench } from './workbench.ts';

const QUESTION = /^Let programs in the terminal use /;
const STOP = /^Programs in the terminal can already use /;
const SCOPES = ['codewhisperer:completions', 'codewhisperer:conversations'];

const scene = shareScene({ host: { isLean: true } });
/** Outside the profile, which is searched for secrets. */
let folder = '';
let window: Workbench;
let before: RealTerminal;
let terminal: RealTerminal;
/** How many terminals are open; VS Code keeps terminals over a reload. */
let count = 3;

/** The programs that requested the token, as Details shows them. */
const USES = /Programs that requested this token in this window\.[^]*(ba|da|z)?sh\s+(\d+ times, last )?\w+/;

async function detailsShow(text: RegExp, patience?: Patience): Promise<void> {
  await window.page.bringToFront();
  await window.runCommand(COMMANDS.showStatus);
  await window.quickInput.pick(/ana@example\.com/);
  await window.quickInput.pick('Details');
  await detailsPageShows(window.page, text, patience);
}

/** An API that returns the SHA-256 of the received token. */
const api = createServer((request, response) => {
  const { authorization = '' } = request.headers;
  if (!authorization.startsWith('Bearer ')) response.writeHead(401).end('no token');
  else response.end(hash(authorization.slice('Bearer '.length)));
});
const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
const apiUrl = (): string => `http://127.0.0.1:${(api.address() as AddressInfo).port}/me`;
const callApi = (): string => `sso-token --header | curl -s -H @- ${apiUrl()}`;

/** SHA-256 of the token that another extension gets. */
async function tokenHash(): Promise<string | undefined> {
  const probe = await window.probe();
  const request = { providerId: 'okta', scopes: SCOPES, options: { silent: true } };
  return (await probe.getSession(request))?.tokenHash;
}

const variables = async (one: RealTerminal): Promise<string> =>
  (await one.run('env | grep ^DEVELOPER_SIGN_IN_ | cut -d= -f1 | sort | tr "\\n" " "')).stdout;

const untilSaid = (text: RegExp) => window.page.locator('.statusbar').getByText(text).first().waitFor();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'terminal-test-'));
  api.listen(0, '127.0.0.1');
  await once(api, 'listening');
  window = await scene().openWindow();
  before = await openTerminal(window, folder);
  const probe = await window.probe();
  const asked = probe.getSession({ providerId: 'okta', scopes: SCOPES, options: { createIfNone: true } });
  await window.dialogs.allowSignIn();
  await finishSignIn(window, 'okta');
  await asked;
});
afterAll(() => {
  api.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a terminal of the workbench', () => {
  it('has no token access and no sso-token before consent', async () => {
    expect(await variables(before)).toBe('');
    expect(await before.run('sso-token')).toMatchObject({ exitCode: 127, stdout: '' });
    const { exitCode } = await (await openTerminal(window, folder)).run('sso-token');
    expect(exitCode).toBe(127);
  });

  it('gets a token after a question that explains the consequences', async () => {
    await window.runCommand(COMMANDS.useInTerminal);
    const { detail } = await window.dialogs.answer(QUESTION, 'Allow');
    expect(detail).toMatch(/Any program started from this editor’s terminals and tasks/);
    expect(detail).toMatch(/codewhisperer:completions codewhisperer:conversations/);
    await window.notifications.press(/In new terminals, sso-token prints a token/, 'New Terminal');
    terminal = await terminalAt(window, folder, count);
    const { stdout, stderr } = await terminal.run('sso-token --list');
    expect(stdout).toMatch(/^\* Sandbox Okta +ana@example\.com/);
    expect(stderr).toBe('');
  });

  it('calls an API with curl, with the same token that extensions get', async () => {
    const { stdout, exitCode } = await terminal.run(callApi());
    expect(exitCode).toBe(0);
    expect(stdout).toBe(await tokenHash());
  });

  it('gets the new token after a refresh, without a new terminal', async () => {
    const old = await tokenHash();
    await window.runCommand(COMMANDS.refresh);
    await expect.poll(tokenHash).not.toBe(old);
    expect((await terminal.run(callApi())).stdout).toBe(await tokenHash());
  });

  it('prints what is missing, and exits with its code', async () => {
    const { exitCode, stderr, stdout } = await terminal.run('sso-token --scope admin');
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toMatch(/^sso-token: The token for Sandbox Okta doesn’t have the scope admin/);
    expect(await terminal.run('sso-token Nowhere')).toMatchObject({ exitCode: 3 });
  });

  it('says that a new terminal is needed, if it was opened earlier', async () => {
    expect(await variables(before)).toBe('');
    expect(await before.run('sso-token')).toMatchObject({ exitCode: 127 });
  });

  it("passes access on to child processes, and the session's details show its use", async () => {
    const use = async () => terminal.run(`sh -c 'TOKEN=$(sso-token); test -n "$TOKEN"'`);
    await use();
    await detailsShow(USES, { timeoutMs: 10_000 }).catch(async () => {
      // Headless Chromium sometimes draws no webview at all. A reloaded window does, and starts counting again.
      await window.reload();
      await statusShows(window, new RegExp(ACCOUNTS.okta));
      terminal = await openTerminal(window, folder);
      count += 1;
      await use();
      await detailsShow(USES);
    });
  });

  it('keeps its secret out of our files, diagnostics and process lists', async () => {
    const { stdout } = await terminal.run('echo $DEVELOPER_SIGN_IN_SECRET');
    const secret = stdout.trim();
    expect(secret).toMatch(/^[\da-f]{64}$/);
    const { root } = scene().host.folders;
    const found = readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((file) => readFileSync(file).includes(secret))
      .map((file) => basename(file));
    // At this test's log level, Trace, VS Code logs the environment of every terminal.
    const vsCodesOwn = [
      'server.log',
      'code-server-stdout.log',
      'ptyhost.log',
      'remoteagent.log',
      'remoteexthost.log',
    ];
    expect(found.filter((name) => !vsCodesOwn.includes(name))).toEqual([]);
    expect((await terminal.run('ps -eo args')).stdout).not.toContain(secret);
    await window.runCommand('SSO: Copy Diagnostics');
    await expect.poll(() => window.clipboard()).toMatch(/Developer Sign-In/);
    expect(await window.clipboard()).not.toContain(secret);
  });

  it('loses access when the window reloads; a new terminal gets a new secret', async () => {
    const secretOf = async (one: RealTerminal) => (await one.run('echo $DEVELOPER_SIGN_IN_SECRET')).stdout;
    const before = await secretOf(terminal);
    await window.reload();
    await statusShows(window, new RegExp(ACCOUNTS.okta));
    const old = await terminalAt(window, folder, count);
    expect(await secretOf(old)).toBe(before);
    expect(await old.run('sso-token')).toMatchObject({ exitCode: 3, stdout: '' });
    terminal = await openTerminal(window, folder);
    expect(await secretOf(terminal)).toMatch(/^[\da-f]{64}\n$/);
    expect(await secretOf(terminal)).not.toBe(before);
    expect((await terminal.run(callApi())).stdout).toBe(await tokenHash());
  });

  it('loses access when the same command revokes it', async () => {
    await window.runCommand(COMMANDS.useInTerminal);
    await window.dialogs.answer(STOP, 'Stop');
    await untilSaid(/can no longer use ana@example\.com/);
    const { exitCode, stderr } = await terminal.run('sso-token');
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/You turned off “Use in Terminal” for “Sandbox Okta”/);
    expect(await variables(await openTerminal(window, folder))).toBe('');
  });

  it('loses access after a sign-out', async () => {
    await window.runCommand(COMMANDS.useInTerminal);
    await window.dialogs.answer(QUESTION, 'Allow');
    await window.notifications.waitFor(/In new terminals, sso-token prints a token/);
    const shared = await openTerminal(window, folder);
    expect(await shared.run('sso-token --list')).toMatchObject({ exitCode: 0 });
    await signOut(window);
    await statusShows(window, /Sign In$/);
    expect(await shared.run(callApi())).toMatchObject({ stdout: 'no token' });
    const { exitCode, stdout, stderr } = await shared.run('sso-token --sign-in');
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' });
    expect(stderr).toMatch(/^sso-token: You signed out of “Sandbox Okta”, so nothing is shared/);
  });
});

describe('a terminal with an AWS account', () => {
  let shared: RealTerminal;

  // The list of terminals shows only as many as fit.
  beforeAll(() => window.runCommand('Terminal: Kill All Terminals'));

  it('starts the required sign-in, and waits for it', async () => {
    await scene().forgetPeople();
    await signIn(window, 'identityCenter');
    await window.runCommand(COMMANDS.useInTerminal);
    await window.dialogs.answer(QUESTION, 'Allow');
    await window.notifications.waitFor(/In new terminals, sso-token prints a token/);
    shared = await openTerminal(window, folder);
    expect(await shared.run('sso-token --scope sso:account:access')).toMatchObject({ exitCode: 1 });
    await scene().forgetPeople();
    const signsIn = async (): Promise<void> => {
      await window.dialogs.answer(/^Sign in to .+ with more permissions\?/, 'Sign In');
      await finishSignIn(window, 'identityCenter');
    };
    const [ended] = await Promise.all([
      shared.run('TOKEN=$(sso-token --scope sso:account:access --sign-in) && test -n "$TOKEN"', 60_000),
      signsIn(),
    ]);
    expect(ended).toMatchObject({ exitCode: 0 });
  });

  it('gets the selected account through a profile that was added after a yes', async () => {
    await window.runCommand('SSO: Use an AWS Account…');
    await window.quickInput.pick('Development');
    await window.quickInput.waitFor({ item: 'ReadOnly' });
    await window.quickInput.untilItTakesChoices();
    await window.quickInput.pick('ReadOnly');
    await window.dialogs.answer(/^Add this profile to .*config\?/, 'Add');
    await window.notifications.waitFor(/New terminals use the AWS profile development-readonly/);
    const config = readFileSync(join(scene().host.folders.home, '.aws/config'), 'utf8');
    const [, command = ''] = /^credential_process = (sso-token .+)$/m.exec(config) ?? [];
    expect(config).toMatch(/^\[profile development-readonly\]\n/);
    const one = await openTerminal(window, folder);
    expect((await one.run('echo $AWS_PROFILE')).stdout).toBe('development-readonly\n');
    expect((await shared.run('echo $AWS_PROFILE')).stdout).toBe('\n');
    expect(JSON.parse((await one.run(command)).stdout)).toMatchObject({
      AccessKeyId: 'ASIA111122223333READ',
    });
  });

  it('has the AWS console one command away', async () => {
    await window.runCommand('SSO: Open AWS Console');
    const { detail } = await window.dialogs.answer(/open the external website/, 'Cancel');
    // VS Code shows the start and end of a long address.
    expect(detail).toMatch(/\.awsapps\.com\/start\/#.*role_name=ReadOnly/);
  });

  it('has both again after a restart of the server', async () => {
    await scene().host.restart();
    await window.reload();
    await statusShows(window, new RegExp(ACCOUNTS.identityCenter));
    // A terminal that opens before the extension starts has no access; the next one does.
    await eventually(
      'a terminal with the account',
      async () => {
        const { stdout } = await (
          await openTerminal(window, folder)
        ).run('echo $AWS_PROFILE && sso-token --list');
        return stdout.startsWith('development-readonly\n* Sandbox Identity Center ') ? true : undefined;
      },
      { timeoutMs: 120_000 },
    );
  });
});
