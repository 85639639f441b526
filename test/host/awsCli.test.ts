import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';

import { awsCliCachePath } from '../../src/adapters/node/awsCliCache.ts';
import { ACCOUNTS, COMMANDS, finishSignIn, signIn, signOut, statusShows } from './asPerson.ts';
import { eventually } from './eventually.ts';
import { shareScene } from './scene.ts';
import type { Workbench } from './workbench.ts';

const SHARE = 'SSO: Share with the AWS CLI';
const QUESTION = /^Share this sign-in with the AWS CLI/;
/** Derived from the connection, if the config file has no section for it. */
const NAME = 'sandbox-identity-center';

const scene = shareScene({ host: { isLean: true } });
let window: Workbench;

beforeAll(async () => {
  window = await scene().openWindow();
  await signIn(window, 'identityCenter');
  await statusShows(window, new RegExp(ACCOUNTS.identityCenter));
});

const pathOf = (name: string) => awsCliCachePath(scene().host.folders.home, name);
const fileOf = (name = NAME) => JSON.parse(readFileSync(pathOf(name), 'utf8')) as Record<string, string>;
const appears = (name = NAME) =>
  eventually(`the file of ${name}`, async () => (existsSync(pathOf(name)) ? fileOf(name) : undefined));
const goes = (name = NAME) =>
  eventually(`no file of ${name}`, async () => (existsSync(pathOf(name)) ? undefined : true));
const settingOf = () => {
  const file = join(scene().host.folders.userData, 'User/settings.json');
  const settings = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Record<string, string>[]>;
  return settings['developerSignIn.connections']?.find(({ type }) => type === 'identityCenter');
};

describe('sharing with the AWS CLI', () => {
  it('asks first with an explanation, and does not share after a no', async () => {
    await window.runCommand(SHARE);
    const { message, detail } = await window.dialogs.answer(QUESTION, 'Cancel');
    expect(message).toContain(hostname());
    expect(detail).toContain(pathOf(NAME).replace(scene().host.folders.home, '~'));
    expect(detail).toContain(`sso-session ${NAME}`);
    expect(detail).toMatch(/Any program that you run on .* can read this file and act as you/);
    expect(detail).toMatch(/sso:account:access/);
    expect(existsSync(dirname(pathOf(NAME)))).toBe(false);
    expect(settingOf()).not.toHaveProperty('awsCli');
  });

  it('signs in again with account access, and writes a cache file that only its owner can read', async () => {
    await window.runCommand(SHARE);
    await scene().forgetPeople();
    await window.dialogs.answer(QUESTION, 'Sign In Again with Account Access');
    await finishSignIn(window, 'identityCenter');
    await appears();
    expect(statSync(pathOf(NAME)).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(pathOf(NAME))).mode & 0o777).toBe(0o700);
    const { startUrl, region } = scene().sandbox.identityCenter;
    expect(fileOf()).toMatchObject({ startUrl, region });
    expect(Object.keys(fileOf()).sort()).toEqual(
      [
        ...['accessToken', 'clientId', 'clientSecret', 'expiresAt', 'refreshToken', 'region'],
        ...['registrationExpiresAt', 'startUrl'],
      ].sort(),
    );
    const { state } = scene().sandbox.identityCenter.sessionOf(fileOf()['accessToken'] ?? '') ?? {};
    expect(state).toBe('live');
    await expect.poll(() => settingOf()?.['awsCli']).toBe(NAME);
    expect(settingOf()?.['scopes']).toContain('sso:account:access');
  });

  it('adds the section that the CLI needs after showing it, and copies a command', async () => {
    const configuration = join(scene().host.folders.home, '.aws/config');
    expect(existsSync(configuration)).toBe(false);
    const { detail } = await window.dialogs.answer(/^Add this section to ~\/\.aws\/config\?/, 'Add');
    expect(detail).toMatch(/^\[sso-session sandbox-identity-center\]/);
    await window.notifications.press(/enter sandbox-identity-center as the session name/, 'Copy Command');
    const added = readFileSync(configuration, 'utf8');
    expect(added).toMatch(/^\[sso-session sandbox-identity-center\]\n(sso_\w+ = \S+\n){3}$/);
    expect(detail).toBe(added.replaceAll('\n', '')); // The dialog wraps lines without inserting a character.
    await expect.poll(() => window.clipboard()).toBe('aws configure sso');
  });

  it('keeps the cache file fresh', async () => {
    const { accessToken } = fileOf();
    await window.runCommand(COMMANDS.refresh);
    await expect.poll(() => fileOf()['accessToken']).not.toBe(accessToken);
  });

  it('asks again before it rewrites a cache file that was removed', async () => {
    rmSync(pathOf(NAME));
    await window.runCommand(COMMANDS.refresh);
    const asking = new RegExp(
      `${basename(pathOf(NAME))} was removed, so .* is no longer shared with the AWS CLI`,
    );
    const { buttons, severity } = await window.notifications.waitFor(asking);
    expect(severity).toBe('warning');
    expect(buttons).toEqual(['Share Again', 'Stop Sharing']);
    expect(existsSync(pathOf(NAME))).toBe(false);
    await window.notifications.press(asking, 'Share Again');
    await appears();
    const { accessToken } = fileOf();
    expect(scene().sandbox.identityCenter.sessionOf(accessToken ?? '')?.state).toBe('live');
    // Shared as before: a refresh keeps writing it.
    await window.runCommand(COMMANDS.refresh);
    await expect.poll(() => fileOf()['accessToken']).not.toBe(accessToken);
  });

  it('removes the file on sign-out, and writes it again on the next sign-in without asking', async () => {
    await signOut(window);
    await goes();
    await scene().forgetPeople();
    await signIn(window, 'identityCenter');
    await appears();
  });

  it('removes the file when the user stops sharing, and keeps the session', async () => {
    await window.runCommand(SHARE);
    await window.dialogs.answer(/^Stop sharing this sign-in/, 'Stop Sharing');
    await goes();
    await expect.poll(() => settingOf()).not.toHaveProperty('awsCli');
    await statusShows(window, new RegExp(ACCOUNTS.identityCenter));
  });

  it('uses the name of an existing section', async () => {
    const { startUrl, region } = scene().sandbox.identityCenter;
    const configuration = join(scene().host.folders.home, '.aws/config');
    mkdirSync(dirname(configuration), { recursive: true });
    writeFileSync(
      configuration,
      `[sso-session work]\nsso_start_url = ${startUrl}/#/\nsso_region = ${region}\n`,
    );
    await window.runCommand(SHARE);
    await window.dialogs.answer(QUESTION, 'Share');
    await appears('work');
    await signOut(window);
    await goes('work');
  });

  it('ignores synced settings, and asks on this machine first', async () => {
    const configured = scene().connections as Record<string, string>[];
    const connections = configured.map((one) =>
      one['type'] === 'identityCenter' ? { ...one, awsCli: 'elsewhere' } : one,
    );
    const probe = await window.probe();
    await probe.updateSetting('developerSignIn.connections', connections);
    await scene().forgetPeople();
    await signIn(window, 'identityCenter');
    await window.notifications.press(/Your settings share/, 'Review…');
    await window.dialogs.answer(QUESTION, 'Cancel');
    expect(existsSync(pathOf('elsewhere'))).toBe(false);
    expect(existsSync(pathOf('work'))).toBe(false);
  });
});
