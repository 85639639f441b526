import { beforeEach, describe, expect, test, vi } from 'vitest';
import { copyRedirectUris } from '../../../../src/shell/connections/copyRedirectUris.ts';
import { identityCenterConnection, oktaConnection } from '../../fakes/examples.ts';
import { screen } from '../../fakes/screen.ts';
import { settleUntil } from '../../fakes/settle.ts';
import { shellWorld } from '../../fakes/shellWorld.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeOnScreen.ts'));

beforeEach(() => screen.clear());

describe('copyRedirectUris', () => {
  const shared = (...ports: readonly number[]) =>
    ports.map((port) => `http://localhost:${port}/oauth/callback`).join('\n');
  const elsewhere = { ...oktaConnection, name: 'Elsewhere', issuer: 'https://id.example.com/oauth2/aus1' };

  test('copies those of the setting if no connection has any', async () => {
    const { context } = await shellWorld({ connections: [identityCenterConnection] });
    await copyRedirectUris(context);
    expect(screen.clipboard).toBe(shared(8008));
    expect(screen.statusMessages.map(({ text }) => text)).toEqual(['Redirect URIs copied: 1']);
  });

  test('asks nothing if all connections register the same, and says whose they are', async () => {
    const same = { ...oktaConnection, name: 'Another', clientId: '0oaAnother' };
    const { context } = await shellWorld({ connections: [identityCenterConnection, oktaConnection, same] });
    await copyRedirectUris(context);
    expect(screen.clipboard).toBe(shared(8008));
    expect(screen.statusMessages.map(({ text }) => text)).toEqual([
      'Redirect URIs copied for Example, Another: 1',
    ]);
  });

  test('copied those of all connections at once, thirty where two had paths of their own', async () => {
    const own = { ...oktaConnection, name: 'Own', redirectPorts: [9091, 8008] };
    const { context } = await shellWorld({ connections: [oktaConnection, own, elsewhere] });
    const done = copyRedirectUris(context);
    await settleUntil(() => screen.input !== undefined);
    screen.pick.choose('Own');
    await done;
    expect(screen.clipboard).toBe(shared(9091, 8008));
    expect(screen.statusMessages.map(({ text }) => text)).toEqual(['Redirect URIs copied for Own: 2']);
  });

  test('still offers all of them, without duplicates', async () => {
    const { context } = await shellWorld({ connections: [oktaConnection, elsewhere] });
    const done = copyRedirectUris(context);
    await settleUntil(() => screen.input !== undefined);
    screen.pick.choose('All Connections');
    await done;
    expect(screen.clipboard.split('\n')).toHaveLength(2);
    expect(screen.statusMessages.map(({ text }) => text)).toEqual(['Redirect URIs copied: 2']);
  });

  test('leaves the clipboard unchanged when the list is closed', async () => {
    const { context } = await shellWorld({ connections: [oktaConnection, elsewhere] });
    screen.clipboard = 'before';
    const done = copyRedirectUris(context);
    await settleUntil(() => screen.input !== undefined);
    expect(screen.pick.items.map(({ label, description }) => [label, description])).toEqual([
      ['Example', 'Redirect URIs: 1'],
      ['Elsewhere', 'Redirect URIs: 2'],
      ['All Connections', 'Redirect URIs: 2'],
    ]);
    screen.pick.escape();
    await done;
    expect([screen.clipboard, screen.statusMessages]).toEqual(['before', []]);
  });

  test("includes the issuer’s own outside Okta's domains", async () => {
    const issuer = 'https://id.example.com/oauth2/aus1';
    const { context } = await shellWorld({ connections: [{ ...oktaConnection, issuer }] });
    await copyRedirectUris(context);
    expect(screen.clipboard).toMatch(/^http:\/\/localhost:8008\/oauth\/callback\/[0-9a-f]{16}$/m);
  });
});
