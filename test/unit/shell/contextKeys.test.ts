import { beforeEach, describe, expect, test, vi } from 'vitest';
import { noteAdministrator, updateContextKeys } from '../../../src/shell/contextKeys.ts';
import { identityCenterSession, january, oktaConnection, oktaSession } from '../fakes/examples.ts';
import { screen } from '../fakes/screen.ts';
import { settle, settleUntil } from '../fakes/settle.ts';
import { shellWorld } from '../fakes/shellWorld.ts';

vi.mock('vscode', async () => {
  const vscode = await import('../fakes/vscodeOnScreen.ts');
  const onDidChangeConfiguration = () => ({ dispose: () => undefined });
  return { ...vscode, workspace: { ...vscode.workspace, onDidChangeConfiguration } };
});

beforeEach(() => screen.clear());

/** The keys passed to VS Code, without `developerSignIn.`. */
const told = (): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    screen.executed
      .filter(([command]) => command === 'setContext')
      .map(([, key, value]) => [String(key).replace('developerSignIn.', ''), value]),
  );

describe('updateContextKeys', () => {
  test('completes the steps of providers with a live session, and follows changes', async () => {
    const ended = { ...identityCenterSession, ended: { at: january, kind: 'grantRevoked' } } as const;
    const { context, sessions } = await shellWorld({ stored: [oktaSession, ended] });
    const watch = updateContextKeys(context);
    await settleUntil(() => 'inUse' in told());
    expect(told()).toMatchObject({
      'signedIn.identityCenter': false,
      'signedIn.okta': true,
      'signedIn.oidc': false,
      canRefresh: true,
      canShare: false,
      hasAccount: true,
      inUse: true,
    });
    await sessions.signOut(oktaSession.id, new AbortController().signal).catch(() => undefined);
    await settleUntil(() => told()['signedIn.okta'] === false);
    watch.dispose();
  });

  test('hides commands without effect until there is a connection, an account or a sign-in', async () => {
    const { context } = await shellWorld();
    const watch = updateContextKeys(context);
    await settleUntil(() => 'inUse' in told());
    expect(told()).toMatchObject({
      hasAccount: false,
      hasConnection: false,
      canRefresh: false,
      canShare: false,
      inUse: false,
    });
    watch.dispose();
  });

  test('a canceled sign-in keeps the log and the diagnostics in the palette', async () => {
    const { context, signIns, memento } = await shellWorld({ signIn: () => new Promise(() => {}) });
    const watch = updateContextKeys(context);
    signIns.run(oktaConnection).catch(() => undefined);
    await settleUntil(() => told()['inUse'] === true);
    for (const { cancel } of signIns.all) cancel();
    await settle();
    expect(told()['inUse']).toBe(true);
    expect(memento.get('wasInUse')).toBe(true);
    watch.dispose();
  });

  test('reads the sessions and sets the keys after the activation', async () => {
    const { context } = await shellWorld({ stored: [oktaSession] });
    const list = vi.spyOn(context.sessions, 'list');
    const watch = updateContextKeys(context);
    expect([told(), list.mock.calls.length]).toEqual([{}, 0]);
    await settleUntil(() => 'inUse' in told());
    expect(told()).toMatchObject({ administrator: false, 'signedIn.okta': true });
    watch.dispose();
  });

  test('a sign-in reads no session again once the extension is in use, since its keys stay the same', async () => {
    const { context, signIns } = await shellWorld({
      connections: [oktaConnection],
      signIn: () => new Promise(() => {}),
    });
    const watch = updateContextKeys(context);
    await settleUntil(() => 'inUse' in told());
    screen.executed.length = 0;
    const list = vi.spyOn(context.sessions, 'list');
    signIns.run(oktaConnection).catch(() => undefined);
    await settleUntil(() => signIns.all.length > 0);
    for (const { cancel } of signIns.all) cancel();
    await settle();
    expect([told(), list.mock.calls.length]).toEqual([{}, 0]);
    watch.dispose();
  });

  test('a changed session does not make it read all others again', async () => {
    const { context, store } = await shellWorld({ stored: [oktaSession, identityCenterSession] });
    const watch = updateContextKeys(context);
    await settleUntil(() => told()['signedIn.okta'] === true);
    const list = vi.spyOn(context.sessions, 'list');
    await store.put({ ...oktaSession, ended: { at: january, kind: 'grantRevoked' } });
    await settleUntil(() => told()['signedIn.okta'] === false);
    expect(told()).toMatchObject({ hasAccount: true, 'signedIn.identityCenter': true });
    expect(list).not.toHaveBeenCalled();
    watch.dispose();
  });

  test('an AWS account stays in the palette when its only session has ended, or is lost: the command signs in again', async () => {
    const ended = { ...identityCenterSession, ended: { at: january, kind: 'grantRevoked' } } as const;
    const { context } = await shellWorld({ stored: [ended] });
    const watch = updateContextKeys(context);
    await settleUntil(() => 'inUse' in told());
    expect(told()).toMatchObject({ canShare: false, hasAwsAccount: true });
    watch.dispose();
    const okta = updateContextKeys((await shellWorld({ stored: [oktaSession] })).context);
    await settleUntil(() => told()['hasAwsAccount'] === false);
    okta.dispose();
  });

  test('sharing is offered where the AWS CLI can have a live session', async () => {
    const { context } = await shellWorld({ stored: [identityCenterSession], connections: [oktaConnection] });
    const watch = updateContextKeys(context);
    await settleUntil(() => 'inUse' in told());
    expect(told()).toMatchObject({ canShare: true, hasConnection: true });
    watch.dispose();
  });
});

describe('noteAdministrator', () => {
  test('shows the administrator commands and guides from now on', async () => {
    const { context, memento } = await shellWorld();
    await noteAdministrator(context);
    expect(told()).toEqual({ inUse: true, administrator: true });
    expect(memento.get('wasInUse')).toBe(true);
    const watch = updateContextKeys(context);
    await settleUntil(() => 'hasAccount' in told());
    expect(told()).toMatchObject({ inUse: true, administrator: true });
    watch.dispose();
  });
});
