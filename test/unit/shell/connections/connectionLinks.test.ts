import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Connection } from '../../../../src/core/connection/connection.ts';
import { connectionLink } from '../../../../src/features/connectionLink.ts';
import {
  copyConnectionLink,
  copyLinkOf,
  openConnectionLink,
} from '../../../../src/shell/connections/connectionLinks.ts';
import { identityCenterConnection, oktaConnection } from '../../fakes/examples.ts';
import { screen } from '../../fakes/screen.ts';
import { settle, settleUntil } from '../../fakes/settle.ts';
import { shellWorld } from '../../fakes/shellWorld.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeOnScreen.ts'));

beforeEach(() => screen.clear());

const work: Connection = { ...oktaConnection, name: 'Work' };
const shown = () => settleUntil(() => screen.messages.length > 0);

/** A link as VS Code passes it: decoded once. */
function opened(connection: Connection) {
  const { pathname, search } = new URL(connectionLink('vscode', connection));
  return { path: pathname, query: decodeURIComponent(search.slice(1)) };
}

describe('openConnectionLink', () => {
  test('shows everything that the link would add, and adds nothing before a yes', async () => {
    const { context, saved, begun } = await shellWorld();
    const done = openConnectionLink(context, opened({ ...work, scopes: ['openid', 'offline_access'] }));
    await shown();
    expect(screen.message).toMatchObject({ severity: 'information', isModal: true });
    for (const fact of ['example.okta.com', oktaConnection.issuer, oktaConnection.clientId, 'Work', 'openid'])
      expect(screen.message.detail).toContain(fact);
    screen.message.answer(undefined);
    await done;
    expect([saved, begun, screen.allMessages.length]).toEqual([[], [], 1]);
  });

  test('only adds with the second button', async () => {
    const { context, saved, begun } = await shellWorld();
    const done = openConnectionLink(context, opened(work));
    await shown();
    const { buttons } = screen.message;
    expect(buttons).toEqual(['Add and Sign In', 'Add']);
    screen.message.answer(buttons[1]);
    await done;
    expect(saved.map(({ connection }) => connection)).toEqual([work]);
    expect(begun).toEqual([]);
    expect(screen.statusMessages.map(({ text }) => text)).toEqual([expect.stringContaining('Work')]);
  });

  test('23: the first button, selected by Enter, adds and signs in', async () => {
    const { context, saved, begun } = await shellWorld();
    const done = openConnectionLink(context, opened(work));
    await shown();
    screen.message.press(/sign in/i);
    await done;
    expect(saved[0]?.connection).toEqual(work);
    expect(begun.map(({ connection }) => connection)).toEqual([work]);
  });

  test('does not ask about an existing connection, but offers to sign in', async () => {
    const { context, saved, begun } = await shellWorld({ connections: [{ ...work, name: 'Mine' }] });
    const done = openConnectionLink(context, opened(work));
    await shown();
    expect(screen.message).toMatchObject({ severity: 'information', isModal: false });
    expect(screen.message.message).toMatch(/Mine/);
    screen.message.press(/sign in/i);
    await done;
    expect(begun.map(({ connection }) => connection.name)).toEqual(['Mine']);
    expect(saved.every(({ connection }) => connection.name === 'Mine')).toBe(true);
  });

  test("does not replace the user's scopes with the link’s, and says so", async () => {
    const { context, begun } = await shellWorld({ connections: [work] });
    const same = openConnectionLink(context, opened(work));
    await shown();
    const { message } = screen.message;
    screen.message.answer(undefined);
    await same;
    const done = openConnectionLink(context, opened({ ...work, scopes: ['openid'] }));
    await shown();
    expect(screen.message.message).not.toBe(message);
    expect(screen.message.message).toMatch(/scopes/);
    screen.message.press(/sign in/i);
    await done;
    expect(begun.map(({ connection }) => connection.scopes)).toEqual([undefined]);
  });

  test('the same scopes in another order were said to be other ones', async () => {
    const said: string[] = [];
    for (const scopes of [
      ['openid', 'email'],
      ['email', 'openid'],
    ]) {
      const { context } = await shellWorld({ connections: [{ ...work, scopes: ['openid', 'email'] }] });
      const done = openConnectionLink(context, opened({ ...work, scopes }));
      await shown();
      said.push(screen.message.message);
      screen.message.answer(undefined);
      await done;
    }
    expect(said[1]).toBe(said[0]);
  });

  test('is rejected if the organization does not allow the address', async () => {
    const { context, saved, allowOnly } = await shellWorld();
    allowOnly({ allowedIssuers: ['https://other.okta.com/oauth2/aus1'] });
    const done = openConnectionLink(context, opened(work));
    await shown();
    expect(screen.message).toMatchObject({ severity: 'error', isModal: false });
    screen.message.answer(undefined);
    await done;
    expect(saved).toEqual([]);
  });

  test('says why a link is invalid, and shows the log on request', async () => {
    const world = await shellWorld();
    let shownLogs = 0;
    const context = { ...world.context, logChannel: { show: () => shownLogs++ } };
    for (const [answer, logs] of [
      [undefined, 0],
      [/log/i, 1],
    ] as const) {
      const done = openConnectionLink(context, { path: '/connect', query: 'type=okta&client_secret=s3cret' });
      await shown();
      expect(screen.message.severity).toBe('error');
      expect(screen.message.message).toMatch(/client_secret/);
      expect(screen.message.message).not.toMatch(/s3cret/);
      expect(screen.message.buttons).toHaveLength(1);
      if (answer === undefined) screen.message.answer(undefined);
      else screen.message.press(answer);
      await done;
      expect(shownLogs).toBe(logs);
    }
    expect(world.saved).toEqual([]);
    expect(JSON.stringify(world.log.lines)).not.toMatch(/s3cret/);
  });

  test("a link's name creates no link or icon", async () => {
    const { context } = await shellWorld();
    const { path, query } = opened(work);
    const name = '[Click](command:x) $(check)';
    const done = openConnectionLink(context, { path, query: query.replace('name=Work', `name=${name}`) });
    await shown();
    expect(screen.message.severity).toBe('error');
    expect(screen.message.message).not.toMatch(/\]\(|\$\(/);
    screen.message.answer(undefined);
    await done;
  });

  test('reports that the settings cannot be written, without starting a sign-in', async () => {
    const world = await shellWorld();
    const settings = await world.context.connectionSettings();
    const saveConnection = async () => Promise.reject(new Error('settings.json has errors'));
    const context = {
      ...world.context,
      connectionSettings: async () => ({ ...settings, saveConnection }),
    };
    const done = openConnectionLink(context, opened(work));
    await shown();
    screen.message.press(/sign in/i);
    await shown();
    expect(screen.message.severity).toBe('error');
    screen.message.answer(undefined);
    await done;
    expect([world.begun, screen.statusMessages]).toEqual([[], []]);
  });
});

describe('copyConnectionLink', () => {
  test('says what to do without a connection', async () => {
    const { context } = await shellWorld();
    await copyConnectionLink(context);
    expect(screen.message).toMatchObject({ severity: 'information', buttons: ['OK'] });
    expect(screen.clipboard).toBe('');
  });

  test('uses the only connection without a question', async () => {
    const { context } = await shellWorld({ connections: [work] });
    await copyConnectionLink(context);
    expect(screen.clipboard).toBe(connectionLink('vscode', work));
  });

  test('asks which of several', async () => {
    const { context } = await shellWorld({ connections: [work, identityCenterConnection] });
    const done = copyConnectionLink(context);
    await settleUntil(() => screen.input !== undefined);
    expect(screen.pick.labels).toEqual(['Work', 'Example']);
    screen.pick.choose('Example');
    await done;
    expect(screen.clipboard).toContain('type=identityCenter');
  });

  test('copies nothing on Escape', async () => {
    const { context } = await shellWorld({ connections: [work, identityCenterConnection] });
    const done = copyConnectionLink(context);
    await settleUntil(() => screen.input !== undefined);
    screen.pick.escape();
    await done;
    expect([screen.clipboard, screen.statusMessages]).toEqual(['', []]);
  });
});

describe('copyLinkOf', () => {
  const copied = async (connection: Connection) => {
    const { context, memento } = await shellWorld();
    await copyLinkOf(context, connection);
    await settle();
    return { memento };
  };

  test("says that the connection's link was copied, and offers other formats", async () => {
    await copied(work);
    expect(screen.clipboard).toBe(connectionLink('vscode', work));
    expect(screen.message).toMatchObject({
      severity: 'information',
      isModal: false,
      message: 'Link to “Work” copied.',
      buttons: ['Copy as Markdown', 'Copy as Web Link…'],
    });
  });

  test('23: copies Markdown', async () => {
    await copied(work);
    screen.message.answer('Copy as Markdown');
    await settle();
    expect(screen.clipboard).toBe(`[Add Work to VS Code](${connectionLink('vscode', work)})`);
    expect(screen.statusMessages.map(({ text }) => text)).toEqual(['Copied']);
  });

  test('23: copies a web link for the page hosted by the organization, asking for it once', async () => {
    const { memento } = await copied(work);
    screen.message.answer('Copy as Web Link…');
    await settleUntil(() => screen.input !== undefined);
    screen.field.submit('http://wiki.example.com/');
    await settleUntil(() => screen.field.validationMessage !== undefined);
    expect(screen.field.validationMessage).toMatch(/https/);
    screen.field.submit('https://wiki.example.com/connect/#old');
    await settleUntil(() => screen.statusMessages.length > 0);
    const [, query = ''] = connectionLink('vscode', work).split('?');
    expect(screen.clipboard).toBe(`https://wiki.example.com/connect/#${query}`);
    expect(memento.get('typed.connectPage')).toBe('https://wiki.example.com/connect/#old');
  });

  test('says which settings the link omits', async () => {
    await copied({ ...work, redirectPorts: [8008] });
    expect(screen.message.message).toMatch(/Work.*ports/i);
    expect(screen.clipboard).not.toContain('8008');
    expect(screen.statusMessages).toEqual([]);
  });

  test('says why a connection has no link', async () => {
    screen.clipboard = 'before';
    await copied({ ...work, issuer: 'http://localhost:3000/oauth2/aus1' });
    expect(screen.message.severity).toBe('error');
    expect(screen.message.message).toMatch(/localhost:3000.*https/);
    expect(screen.clipboard).toBe('before');
  });
});
