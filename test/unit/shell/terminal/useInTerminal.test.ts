import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Session } from '../../../../src/core/session/session.ts';
import { useInTerminal } from '../../../../src/shell/terminal/useInTerminal.ts';
import { identityCenterSession, oktaSession } from '../../fakes/examples.ts';
import { fakeTerminals } from '../../fakes/fakeTerminals.ts';
import { screen } from '../../fakes/screen.ts';
import { settleUntil } from '../../fakes/settle.ts';
import { workspace } from '../../fakes/workspaceTrust.ts';
import { shellWorld } from '../../fakes/shellWorld.ts';

vi.mock('vscode', async () => ({
  ...(await import('../../fakes/vscodeOnScreen.ts')),
  workspace: (await import('../../fakes/workspaceTrust.ts')).workspace,
}));

beforeEach(() => {
  screen.clear();
  workspace.trust(true);
});

async function world(...stored: readonly Session[]) {
  const all = await shellWorld({ stored });
  const terminals = fakeTerminals();
  terminals.state.isOpen = true;
  const context = { ...all.context, terminals };
  const hostsOf = async (id: string) =>
    (await all.sessions.list()).sessions.find((one) => one.id === id)?.programPlaces;
  return { ...all, terminals, context, hostsOf };
}

/** Presses a button of the next message. */
async function answer(button: string | undefined) {
  await settleUntil(() => screen.messages.length > 0);
  const { message } = screen;
  message.answer(button);
  return message;
}

describe('useInTerminal', () => {
  test('explains the consequences first, and allows nothing without a yes', async () => {
    const { context, hostsOf, terminals } = await world(oktaSession);
    const done = useInTerminal(context, undefined);
    const { isModal, message, detail, severity, buttons } = await answer(undefined);
    await done;
    expect({ isModal, severity, buttons }).toEqual({
      isModal: true,
      severity: 'warning',
      buttons: ['Allow'],
    });
    expect(message).toBe('Let programs in the terminal use ada@example.com?');
    expect(detail).toMatch(/Any program started from this editor’s terminals and tasks on laptop/);
    expect(detail).toMatch(/act as you at example\.okta\.com/);
    expect(detail).toMatch(/codewhisperer:completions codewhisperer:conversations/);
    expect(detail).toMatch(/until you turn it off or sign out/);
    expect(await hostsOf(oktaSession.id)).toBeUndefined();
    expect(terminals.updates).toEqual([]);
  });

  test('the question names the host of an Identity Center, not its AWS Region', async () => {
    const { context } = await world(identityCenterSession);
    const done = useInTerminal(context, undefined);
    const { detail } = await answer(undefined);
    await done;
    expect(detail).toMatch(/act as you at d-1234567890\.awsapps\.com\./);
  });

  test("after a yes, the terminals have access, it is the window's default, and a terminal is offered", async () => {
    const { context, hostsOf, terminals } = await world(oktaSession);
    const done = useInTerminal(context, oktaSession.id);
    await answer('Allow');
    const { message } = await answer('New Terminal');
    await done;
    expect(message).toBe('In new terminals, sso-token prints a token for ada@example.com.');
    expect(screen.executed).toEqual([['workbench.action.terminal.new']]);
    expect(await hostsOf(oktaSession.id)).toEqual(['laptop']);
    expect(terminals.control.byDefault).toBe(oktaSession.id);
    expect(terminals.updates).toHaveLength(1);
  });

  test('a yes does not count for a sign-in that came after the question: it asks again, with its scopes', async () => {
    const { context, hostsOf, store } = await world(oktaSession);
    const done = useInTerminal(context, oktaSession.id);
    await settleUntil(() => screen.messages.length > 0);
    const tokenSet = { ...oktaSession.tokenSet, scopes: ['okta.users.manage'] };
    await store.put({ ...oktaSession, signedInAt: oktaSession.signedInAt + 1, tokenSet });
    await answer('Allow');
    const { detail } = await answer(undefined);
    await done;
    expect(detail).toContain('okta.users.manage');
    expect(await hostsOf(oktaSession.id)).toBeUndefined();
  });

  describe('never says that terminals have a token where nothing listens', () => {
    const allowed = async (isTrusted: boolean) => {
      const { context, hostsOf, terminals } = await world(oktaSession);
      terminals.state.isOpen = false;
      workspace.trust(isTrusted);
      const done = useInTerminal(context, oktaSession.id);
      await answer('Allow');
      const { message } = await answer(undefined);
      await done;
      expect(await hostsOf(oktaSession.id)).toEqual(['laptop']);
      return message;
    };

    test('in Restricted Mode', async () => {
      expect(await allowed(false)).toMatch(/^Terminals can’t get a token in Restricted Mode\. Trust/);
    });

    test('because this computer has no folder for it', async () => {
      expect(await allowed(true)).toMatch(/^A setting on this computer prevents the request\./);
    });
  });

  test('the same command takes it back', async () => {
    const { context, hostsOf, terminals } = await world({ ...oktaSession, programPlaces: ['laptop'] });
    await terminals.control.setDefault(oktaSession.id);
    const done = useInTerminal(context, oktaSession.id);
    const { message, buttons } = await answer('Stop');
    await done;
    expect(message).toBe('Stop letting programs in the terminal use ada@example.com?');
    expect(buttons).toEqual(['Stop']);
    expect(await hostsOf(oktaSession.id)).toBeUndefined();
    expect(terminals.updates).toHaveLength(1);
  });

  test('Stop is not the default button, since the user may have wanted to allow', async () => {
    const { context, hostsOf } = await world({ ...oktaSession, programPlaces: ['laptop'] });
    const done = useInTerminal(context, undefined);
    const { message, buttons } = await answer('New Terminal');
    await done;
    expect(message).toBe('Programs in the terminal can already use ada@example.com.');
    expect(buttons).toEqual(['New Terminal', 'Stop']);
    expect(screen.executed).toEqual([['workbench.action.terminal.new']]);
    expect(await hostsOf(oktaSession.id)).toEqual(['laptop']);
    const again = useInTerminal(context, undefined);
    await answer('Stop');
    await again;
    expect(await hostsOf(oktaSession.id)).toBeUndefined();
  });

  test('the list shows which accounts already have access', async () => {
    const { context } = await world({ ...oktaSession, programPlaces: ['laptop'] }, identityCenterSession);
    const done = useInTerminal(context, undefined);
    await settleUntil(() => screen.input !== undefined);
    const marked = screen.pick.items.filter(({ detail }) =>
      detail?.startsWith('Allowed on this computer · '),
    );
    expect(marked.map(({ label }) => label)).toEqual([expect.stringContaining('ada@example.com')]);
    screen.pick.escape();
    await done;
  });

  test('a second account does not silently become the default for programs', async () => {
    const { context, terminals } = await world(
      { ...oktaSession, programPlaces: ['laptop'] },
      identityCenterSession,
    );
    await terminals.control.setDefault(oktaSession.id);
    const done = useInTerminal(context, identityCenterSession.id);
    await answer('Allow');
    await settleUntil(() => screen.messages.length > 0);
    expect(terminals.control.byDefault).toBe(oktaSession.id);
    const { message } = await answer('Use by Default in This Window');
    await done;
    expect(message).toMatch(/^In new terminals, sso-token ".+" prints a token for /);
    expect(terminals.control.byDefault).toBe(identityCenterSession.id);
  });

  test('one of several shared accounts can become the default of this window', async () => {
    const shared = [oktaSession, identityCenterSession].map((one) => ({
      ...one,
      programPlaces: ['laptop'],
    }));
    const { context, hostsOf, terminals } = await world(...shared);
    await terminals.control.setDefault(identityCenterSession.id);
    const done = useInTerminal(context, oktaSession.id);
    await answer('Use by Default in This Window');
    await done;
    expect(terminals.control.byDefault).toBe(oktaSession.id);
    expect(await hostsOf(oktaSession.id)).toEqual(['laptop']);
  });

  test('an organization can forbid it', async () => {
    const { context, hostsOf, allowOnly } = await world(oktaSession);
    allowOnly({ allowTerminal: false });
    const done = useInTerminal(context, oktaSession.id);
    const { message, severity } = await answer(undefined);
    await done;
    expect(severity).toBe('error');
    expect(message).toMatch(/organization doesn’t allow programs in the terminal/);
    expect(await hostsOf(oktaSession.id)).toBeUndefined();
  });

  test('if the terminals run on another machine, suggests what works instead', async () => {
    const { context, hostsOf } = await world(oktaSession);
    const remote = {
      ...context,
      editorEnvironment: { ...context.editorEnvironment, remoteName: 'ssh-remote' },
    };
    const done = useInTerminal(remote, oktaSession.id);
    const { message } = await answer('Open Settings');
    await done;
    expect(message).toMatch(/run on another computer \(ssh-remote\).*remote\.extensionKind/);
    expect(screen.executed).toEqual([['workbench.action.openSettings', 'remote.extensionKind']]);
    expect(await hostsOf(oktaSession.id)).toBeUndefined();
  });
});
