import { afterEach, beforeAll, describe, expect, it } from 'vitest';

import { finishSignIn, LABELS, signOut, statusShows } from './asPerson.ts';
import type { GetSessionRequest, Probe } from './probe.ts';
import { EXTENSION_ID, shareScene } from './scene.ts';
import type { Workbench } from './workbench.ts';

const SCOPES = ['codewhisperer:completions', 'codewhisperer:conversations'];
const OTHER_START_URL = 'https://acme-engineering.awsapps.com/start';

const scene = shareScene({ host: { isLean: true } });
let window: Workbench;
let probe: Probe;

beforeAll(async () => {
  window = await scene().openWindow();
  probe = await window.probe();
});

afterEach(async () => {
  await scene().forgetPeople();
});

/** How a tool sends the token of each provider. */
function use(kind: 'identityCenter' | 'okta'): NonNullable<GetSessionRequest['use']> {
  const { identityCenter, okta } = scene().sandbox;
  return kind === 'okta'
    ? { url: okta.protectedUrl, headers: { TokenType: 'EXTERNAL_IDP' } }
    : { url: identityCenter.protectedUrl };
}

describe.each([
  { kind: 'identityCenter', providerId: 'iam-identity-center', name: 'IAM Identity Center' },
  { kind: 'okta', providerId: 'okta', name: 'Okta' },
] as const)('getSession from another extension, $providerId', ({ kind, providerId, name }) => {
  it('rejects when the user denies access', async () => {
    scene().sandbox.requestLog.clear();
    const asked = probe.getSession({ providerId, scopes: SCOPES, options: { createIfNone: true } });
    const refused = expect(asked).rejects.toMatchObject({
      message: expect.stringMatching(/consent/) as string,
    });
    await window.dialogs.answer(/wants to sign in using/, 'Cancel');
    await refused;
    expect(await window.quickInput.state()).toBeUndefined();
    expect(scene().sandbox.requestLog.count()).toBe(0);
  });

  it('rejects when the user cancels the sign-in', async () => {
    const asked = probe.getSession({ providerId, scopes: SCOPES, options: { createIfNone: true } });
    const cancelled = expect(asked).rejects.toMatchObject({
      message: expect.stringMatching(/cancelled/) as string,
    });
    await window.dialogs.allowSignIn();
    if (kind === 'okta') await (await window.dialogs.openExternal()).close();
    else await window.quickInput.waitFor({ item: 'Copy Code and Proceed' });
    await window.quickInput.pick('Cancel');
    await cancelled;
    await window.quickInput.waitUntilClosed();
    expect(await window.notifications.shown()).toEqual([]);
  });

  it('returns a valid token', async () => {
    const asked = probe.getSession({
      providerId,
      scopes: SCOPES,
      options: { createIfNone: true },
      use: use(kind),
    });
    const dialog = await window.dialogs.allowSignIn();
    expect(`${dialog.message}${dialog.detail}`).toContain(`'Probe' wants to sign in using ${name}`);
    await finishSignIn(window, kind);
    const session = await asked;
    expect(session?.account.label).toContain(LABELS[kind]);
    expect(session?.use?.status).toBe(200);
    expect(session?.scopes).toEqual(expect.arrayContaining(SCOPES));
  });

  it('returns the token again silently, without a request or a question', async () => {
    scene().sandbox.requestLog.clear();
    const options = { silent: true };
    const session = await probe.getSession({ providerId, scopes: SCOPES, options });
    const same = await probe.getSession({ providerId, scopes: SCOPES.toReversed(), options });
    expect(same).toEqual(session);
    expect(session?.account.label).toContain(LABELS[kind]);
    const fewer = await probe.getSession({ providerId, scopes: SCOPES.slice(0, 1), options });
    expect(fewer?.tokenHash).toBe(session?.tokenHash);
    const more = await probe.getSession({ providerId, scopes: [...SCOPES, 'codewhisperer:more'], options });
    expect(more).toBeNull();
    expect(scene().sandbox.requestLog.count()).toBe(0);
    expect(await window.dialogs.state()).toBeUndefined();
  });

  it('uses the connection of a pseudo-scope, and adds the scope to the session', async () => {
    const { identityCenter, okta } = scene().sandbox;
    const pseudo = kind === 'okta' ? `issuer:${okta.issuer}` : `startUrl:${identityCenter.startUrl}`;
    const scopes = [...SCOPES, pseudo];
    const session = await probe.getSession({ providerId, scopes, options: { silent: true } });
    expect(session?.scopes).toContain(pseudo);
    const elsewhere = kind === 'okta' ? 'issuer:https://other.okta.com' : `startUrl:${OTHER_START_URL}`;
    const none = { providerId, scopes: [...SCOPES, elsewhere], options: { silent: true } };
    expect(await probe.getSession(none)).toBeNull();
  });

  it('tells a tool what the session is for', async () => {
    const { identityCenter, okta } = scene().sandbox;
    const session = await probe.getSession({ providerId, scopes: SCOPES, options: { silent: true } });
    const described = await probe.executeCommand('developerSignIn.describeSession', [
      { sessionId: session?.id },
    ]);
    expect(described).toMatchObject(
      kind === 'okta'
        ? { type: 'okta', issuer: okta.issuer, clientId: okta.clientId }
        : { type: 'identityCenter', startUrl: identityCenter.startUrl, region: identityCenter.region },
    );
    const left = (described as { expiresAt: number }).expiresAt - Date.now();
    expect(left).toBeGreaterThan(3_500_000);
    expect(left).toBeLessThanOrEqual(3_600_000);
  });
});

describe('getSession with a second start URL', () => {
  it("uses the caller's connection without asking the user", async () => {
    const connections = scene().connections as readonly object[];
    const other = { type: 'identityCenter', name: 'Other', startUrl: OTHER_START_URL, region: 'us-west-2' };
    await probe.updateSetting('developerSignIn.connections', [...connections, other]);
    const asked = probe.getSession({
      providerId: 'iam-identity-center',
      scopes: [...SCOPES, `startUrl:${OTHER_START_URL}`],
      options: { createIfNone: true },
      use: use('identityCenter'),
    });
    await window.dialogs.allowSignIn();
    await window.quickInput.waitFor({ placeholder: /· Other$/ });
    await finishSignIn(window, 'identityCenter');
    const session = await asked;
    expect(session?.account.label).toBe('Other · acme-engineering.awsapps.com');
    expect(session?.scopes).toContain(`startUrl:${OTHER_START_URL}`);
    expect(session?.use?.status).toBe(200);
    await statusShows(window, /^3 accounts$/);
    const { requestLog } = scene().sandbox;
    const before = requestLog.count('identityCenter.logout');
    await signOut(window, /^Other/);
    await statusShows(window, /^2 accounts$/);
    // It follows the removal, and would count as a request of the next test.
    await expect.poll(() => requestLog.count('identityCenter.logout')).toBe(before + 1);
  });
});

describe('the sign-in command, called by another extension', () => {
  it("rejects with the error's kind when an argument is invalid", async () => {
    const call = (name: string, given: object) => probe.executeCommand(`developerSignIn.${name}`, [given]);
    await expect(call('signInIdentityCenter', { startUrl: 'nonsense' })).rejects.toMatchObject({
      name: 'SignInError',
      kind: 'invalidInput',
    });
    await expect(
      call('signInOkta', { issuer: 'https://example.okta.com', clientId: 'with a space' }),
    ).rejects.toMatchObject({ name: 'SignInError', kind: 'invalidInput' });
    expect(await window.notifications.shown()).toEqual([]);
  });

  it('asks before it uses a connection that is not configured', async () => {
    scene().sandbox.requestLog.clear();
    const given = { startUrl: 'https://d-90676a1b2c.awsapps.com/start', region: 'eu-central-1' };
    const called = probe.executeCommand('developerSignIn.signInIdentityCenter', [given]);
    const cancelled = expect(called).rejects.toMatchObject({ name: 'SignInError', kind: 'cancelled' });
    const { detail } = await window.dialogs.waitFor(/isn’t in your settings/);
    expect(detail).toContain(given.startUrl);
    expect(detail).toContain(given.region);
    expect(detail).toContain(SCOPES.join(' '));
    await window.dialogs.answer(/isn’t in your settings/, 'Cancel');
    await cancelled;
    expect(scene().sandbox.requestLog.count()).toBe(0);
  });

  it('returns the account and expiry for a configured connection, but no token', async () => {
    const { issuer } = scene().sandbox.okta;
    const called = probe.executeCommand('developerSignIn.signInOkta', [{ issuer }]);
    await finishSignIn(window, 'okta');
    const result = (await called) as Record<string, unknown>;
    expect(result['accountLabel']).toMatch(/^ana@example\.com · \S+$/);
    expect(result['expiresAt']).toBeGreaterThan(Date.now() + 3_500_000);
    expect(Object.keys(result).toSorted()).toEqual(['accountLabel', 'expiresAt', 'sessionId']);
    const options = { silent: true };
    const session = await probe.getSession({ providerId: 'okta', scopes: SCOPES, options });
    expect(session?.id).toBe(result['sessionId']);
  });
});

it('leaves no unhandled rejection in any extension', async () => {
  expect(await probe.unhandledErrors()).toEqual([]);
  expect((await probe.extension(EXTENSION_ID))?.isActive).toBe(true);
});
