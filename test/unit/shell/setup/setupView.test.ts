import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Memento } from 'vscode';
import { SetupView } from '../../../../src/shell/setup/setupView.ts';
import { oktaConnection } from '../../fakes/examples.ts';
import { screen } from '../../fakes/screen.ts';
import { only, setupRun } from '../../fakes/setupRun.ts';
import { settle, settleUntil } from '../../fakes/settle.ts';
import { shellWorld } from '../../fakes/shellWorld.ts';
import { Uri, views, window, workspace } from '../../fakes/vscodeWithViews.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeWithViews.ts'));

const profile = 'The profile’s issuer URL and application ID match this check';
let memento: Memento;

beforeEach(async () => {
  views.clear();
  ({ memento } = (await shellWorld()).context);
});

/** The view with a run, and the actions that it requested. */
async function shown(run = setupRun()) {
  const asked: string[] = [];
  const view = new SetupView(memento, {
    edit: async () => void asked.push('edit'),
    repeat: async (_run, id) => void asked.push(`repeat ${id}`),
  });
  await view.show(run);
  const press = async (name: string, label?: string) => {
    const node = label === undefined ? undefined : tree().node(label);
    await views.handlers.get(`developerSignIn.setup.${name}`)?.(node);
  };
  return { run, view, asked, press };
}

function tree() {
  if (views.tree === undefined) throw new Error('No view is on the screen');
  return views.tree;
}

describe('SetupView', () => {
  test('shows the guide next to its title, and the progress of the checks', async () => {
    const { run, view } = await shown();
    expect(tree().description).toBe('Kiro with Okta (OIDC)');
    expect(screen.executed).toContainEqual(['setContext', 'developerSignIn.setupShown', true]);
    expect(screen.executed).toContainEqual(['developerSignIn.setup.focus']);
    const running = run.run(only('okta.loopbackPorts', 'scim.endpoint'), { testSignIn: 'no' });
    const manual = run.checks.filter((check) => check.run === undefined).length;
    expect(tree().message).toBe(`Checking: 0 of ${run.checks.length - manual}`);
    await view.whileRunning(running);
    expect(tree().message).toBe(
      `Kiro with Okta (OIDC): 1 with a warning · ${run.checks.length - manual - 2} not verified · ${manual} to verify manually · 1 passed`,
    );
    expect(screen.executed.filter(([, key]) => key === 'developerSignIn.setupRunning')).toEqual([
      ['setContext', 'developerSignIn.setupRunning', true],
      ['setContext', 'developerSignIn.setupRunning', false],
    ]);
  });

  test('took a check that had begun for over when the one before it ended', async () => {
    const { view } = await shown();
    const ends = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const shownRuns = ends.map(({ promise }) => view.whileRunning(promise));
    const isRunning = () =>
      screen.executed.filter(([, key]) => key === 'developerSignIn.setupRunning').at(-1)?.[2];
    ends[0]?.resolve();
    await shownRuns[0];
    expect(isRunning()).toBe(true);
    ends[1]?.resolve();
    await shownRuns[1];
    expect(isRunning()).toBe(false);
  });

  test('showed totals only, without the guide and the connection that they are of', async () => {
    const { run, view } = await shown(setupRun({ inputs: { oktaClient: oktaConnection } }));
    const subject = `Kiro with Okta (OIDC), ${oktaConnection.name}`;
    expect(tree().description).toBe(subject);
    await view.whileRunning(run.run(only('okta.loopbackPorts'), { testSignIn: 'no' }));
    expect(tree().message.startsWith(`${subject}: 1 with a warning · `)).toBe(true);
  });

  test('counted a line that checks have proven above the tree, and not in the status bar', async () => {
    const { run, view } = await shown();
    vi.spyOn(run, 'isProven').mockImplementation(({ id }) => id === 'manual.provisioning');
    await view.whileRunning(run.run(only('scim.endpoint'), { testSignIn: 'no' }));
    expect(tree().message).toMatch(/ · 2 passed$/);
    expect(screen.statusMessages.at(-1)?.text).toMatch(/SSO setup: No problems found$/);
  });

  test('counts checked lines as verified at once', async () => {
    const { run, view } = await shown();
    await view.whileRunning(run.run(only('scim.endpoint'), { testSignIn: 'no' }));
    tree().tick(profile, true);
    await settle();
    expect(tree().message).toMatch(/ to verify manually · 1 verified manually · 1 passed$/);
  });

  test('reveals the first failed check', async () => {
    const { run, view } = await shown();
    const checks = only('scim.endpoint', 'scim.token');
    await view.whileRunning(run.run(checks, { testSignIn: 'no', scimToken: 'a-token' }));
    expect(tree().revealed).toMatchObject([{ kind: 'check', check: { id: 'scim.token' } }]);
    tree().visible = false;
    await view.whileRunning(run.run(checks, { testSignIn: 'no', scimToken: 'a-token' }));
    expect(tree().revealed).toHaveLength(1);
  });

  test('keeps checkmarks for the checked subject only', async () => {
    const { view } = await shown();
    tree().tick(profile, true);
    await settle();
    const line = () => tree().lines(tree().node('8. The Kiro profile'))[0];
    expect(line()).toMatchObject({ description: 'Verified by you' });
    await view.show(setupRun({ subject: 'https://other.okta.com/oauth2/aus1 (0oa1)' }));
    expect(line()).toMatchObject({ description: 'To verify manually' });
    await view.show(setupRun());
    expect(line()).toMatchObject({ description: 'Verified by you' });
    tree().tick(profile, false);
    await settle();
    expect(line()).toMatchObject({ description: 'To verify manually' });
  });

  test('keeps the last results of five subjects, by name', async () => {
    const hasOthers = () =>
      screen.executed.findLast(([, key]) => key === 'developerSignIn.setupHasOthers')?.[2];
    const { view, run, press } = await shown();
    await view.whileRunning(run.run(only('scim.endpoint'), { testSignIn: 'no' }));
    expect(hasOthers()).toBe(false);
    const again = setupRun();
    await view.show(again);
    expect(hasOthers()).toBe(false);
    const others = [1, 2, 3, 4, 5].map((number) =>
      setupRun({
        subject: `https://${number}.okta.com`,
        inputs: { oktaClient: { ...oktaConnection, name: `${number}` } },
      }),
    );
    for (const other of others.slice(0, 4)) await view.show(other);
    const pressed = press('showOther');
    await settle();
    expect(screen.pick.labels).toEqual([...['3', '2', '1'], 'Kiro with Okta (OIDC)']);
    // Regression: a run that verified nothing had “0 passed”.
    expect(screen.pick.row('Kiro with Okta (OIDC)').detail).toBe('Not verified');
    screen.pick.choose('2');
    await pressed;
    expect([tree().description, view.run]).toEqual(['Kiro with Okta (OIDC), 2', others[1]]);
    expect(hasOthers()).toBe(true);
    const gone = vi.spyOn(again, Symbol.dispose as never);
    await view.show(others[4] ?? run);
    expect(gone).toHaveBeenCalledOnce();
  });

  test('copies and saves the report, including checkmarks', async () => {
    const { press } = await shown();
    tree().tick(profile, true);
    await settle();
    await press('copyReport');
    expect(screen.clipboard).toMatch(/^# SSO setup: Kiro with Okta \(OIDC\)/);
    expect(screen.clipboard).toContain(`- [x] ${profile}`);
    await press('saveReport');
    expect([...views.files]).toEqual([]);
    views.file = 'file:///home/ana/report.md';
    await press('saveReport');
    expect(new TextDecoder().decode(views.files.get('/home/ana/report.md'))).toBe(screen.clipboard);
  });

  test('saved the page for one administrator over that for the other', async () => {
    const { press } = await shown();
    Object.assign(workspace, { workspaceFolders: [{ uri: Uri.parse('file:///home/ana') }] });
    const names: (string | undefined)[] = [];
    const dialogs: {
      showSaveDialog: (options?: { readonly defaultUri?: { path: string } }) => Promise<unknown>;
    } = window;
    const dialog = vi.spyOn(dialogs, 'showSaveDialog').mockImplementation(async (options) => {
      names.push(options?.defaultUri?.path);
    });
    for (const label of ['Okta administrator', 'AWS administrator']) {
      const saved = press('shareReport');
      await settle();
      screen.pick.choose(label);
      await saved;
    }
    dialog.mockRestore();
    Object.assign(workspace, { workspaceFolders: undefined });
    expect(names).toEqual(['/home/ana/sign-in-setup-okta.html', '/home/ana/sign-in-setup-aws.html']);
  });

  test('left out the administrator of an OpenID Connect provider, whom a page can be for', async () => {
    const oidc = { type: 'oidc', name: 'Example', issuer: 'https://id.example.com', clientId: 'a' } as const;
    const { run, press } = await shown(setupRun({ document: 'openIdConnect', inputs: { oidcClient: oidc } }));
    await run.run([], { testSignIn: 'no' });
    views.file = 'file:///home/ana/page.html';
    const saved = press('shareReport');
    await settle();
    expect(screen.pick.labels).toEqual(['Identity provider administrator']);
    screen.pick.choose('Identity provider administrator');
    await saved;
    expect(new TextDecoder().decode(views.files.get('/home/ana/page.html'))).toContain('your steps');
  });

  test('offers to check a user only if a guide has users to look up', async () => {
    const offered = () =>
      screen.executed.findLast(([, key]) => key === 'developerSignIn.canCheckPerson')?.[2];
    const { view } = await shown();
    expect(offered()).toBe(true);
    const oidc = { type: 'oidc', name: 'Example', issuer: 'https://id.example.com', clientId: 'a' } as const;
    await view.show(setupRun({ document: 'openIdConnect', inputs: { oidcClient: oidc } }));
    expect(offered()).toBe(false);
  });

  test('copies a line, runs a check again, edits, and cancels', async () => {
    const { run, asked, press } = await shown();
    await run.run(only('okta.loopbackPorts'), { testSignIn: 'no' });
    await press('copyLine', 'Available');
    expect(screen.clipboard).toBe('4649');
    await press('runAgain', 'Callback ports on this computer');
    await press('edit');
    expect(asked).toEqual(['repeat okta.loopbackPorts', 'edit']);
    const running = run.run(only('scim.endpoint'), { testSignIn: 'no' });
    await press('cancel');
    await running;
    expect(run.isRunning).toBe(false);
  });

  test('ends its run and its commands when disposed', async () => {
    const { run, view } = await shown();
    const cancel = vi.spyOn(run, 'cancel');
    view[Symbol.dispose]();
    await settleUntil(() => cancel.mock.calls.length > 0);
    expect(views.handlers.size).toBe(0);
    expect(views.tree).toBeUndefined();
  });
});
