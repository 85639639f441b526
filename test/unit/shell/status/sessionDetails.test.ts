import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Session } from '../../../../src/core/session/session.ts';
import { showDetails } from '../../../../src/shell/status/sessionDetails.ts';
import { hour, oktaSession } from '../../fakes/examples.ts';
import { settle, settleUntil } from '../../fakes/settle.ts';
import { shellWorld } from '../../fakes/shellWorld.ts';
import { pages, TabInputWebview } from '../../fakes/vscodeWithPages.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeWithPages.ts'));

const { id, tokenSet, account } = oktaSession;
const second = 1000;

let changes = 0;
const withScope = (scope: string): Session => ({
  ...oktaSession,
  tokenSet: { ...tokenSet, accessToken: `changed-${changes++}`, scopes: [scope] },
});

beforeEach(() => {
  pages.clear();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});

afterEach(() => {
  vi.useRealTimers();
});

async function shown() {
  const world = await shellWorld({ stored: [oktaSession] });
  await showDetails(world.context, id);
  return world;
}

/** Waits until a change is on the page. */
async function later(): Promise<void> {
  await settle();
  await vi.advanceTimersByTimeAsync(second);
  await settle();
}

describe('showDetails', () => {
  test('is a page without scripts or secrets, with the account in its title', async () => {
    await shown();
    const { html, label, options } = pages.page;
    expect(label).toContain('ada@example.com');
    expect(options).toMatchObject({ enableScripts: false, localResourceRoots: [] });
    expect(html).toContain(oktaSession.connection.issuer);
    expect(html).not.toMatch(/<script/i);
    expect(html).not.toMatch(new RegExp(`${tokenSet.accessToken}|${tokenSet.refreshToken}`));
  });

  test('shows an untrusted name as text, on the page and in its title', async () => {
    const label = '<img src=x onerror=y> $(check) [a](command:b)';
    const { context } = await shellWorld({
      stored: [{ ...oktaSession, account: { ...account, label, name: label } }],
    });
    await showDetails(context, id);
    expect(pages.page.html).not.toMatch(/<img/);
    expect(pages.page.html).toMatch(/&(#60|lt);img/);
    expect(pages.page.label).not.toMatch(/\$\(|\]\(/);
  });

  test('opens nothing for a session that no longer exists', async () => {
    const { context } = await shellWorld();
    await showDetails(context, id);
    expect(pages.open).toEqual([]);
  });

  test('is one page per session: replaces the old one, keeps other tabs', async () => {
    const { context } = await shown();
    const [first] = pages.open;
    const label = first?.label ?? '';
    pages.otherTabs.push(
      { label, input: { uri: 'a file of this name' } },
      { label: 'Another page', input: new TabInputWebview('x') },
    );
    await showDetails(context, id);
    expect(pages.page).not.toBe(first);
    expect(pages.otherTabs).toHaveLength(2);
  });

  test('follows the session: with a delay, once for several changes, and again', async () => {
    const { store } = await shown();
    await store.put(withScope('one'));
    await settle();
    await store.put(withScope('two'));
    await settle();
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(second - 1);
    expect(pages.page.contents).toHaveLength(1);
    await later();
    expect(pages.page.contents).toHaveLength(2);
    expect(pages.page.html).toContain('two');
    await store.put(withScope('three'));
    await later();
    expect(pages.page.html).toContain('three');
  });

  test('is not redrawn if nothing that it shows has changed', async () => {
    const { store } = await shown();
    await store.put({ ...oktaSession, tokenSet: { ...tokenSet, accessToken: 'access-2' } });
    await later();
    expect(pages.page.contents).toHaveLength(1);
  });

  test('says after a sign-out that nothing is left, without the previous content', async () => {
    const { sessions } = await shown();
    void sessions.signOut(id, new AbortController().signal);
    await settleUntil(() => vi.getTimerCount() > 0);
    await later();
    expect(pages.page.html).toMatch(/signed out/i);
    expect(pages.page.html).not.toContain(oktaSession.connection.issuer);
  });

  test('shows that a refresh has failed', async () => {
    const { sessions, clock } = await shown();
    await clock.advance(2 * hour);
    void sessions.refresh(id, new AbortController().signal).catch(() => undefined);
    await settleUntil(() => vi.getTimerCount() > 0);
    await later();
    expect(pages.page.contents).toHaveLength(2);
  });

  test.each([
    ['before a change', async () => undefined],
    [
      'while a change waits',
      async ({ store }) => {
        await store.put(withScope('one'));
        await settle();
      },
    ],
    [
      'while a change is read',
      async ({ store }) => {
        await store.put(withScope('one'));
        await settle();
        vi.advanceTimersByTime(second);
      },
    ],
  ] satisfies [string, (world: Awaited<ReturnType<typeof shown>>) => Promise<void>][])(
    'is no longer updated after it is closed %s',
    async (_, before) => {
      const world = await shown();
      const { page } = pages;
      await before(world);
      page.close();
      await settle();
      await world.store.put(withScope('two'));
      await settle();
      expect(vi.getTimerCount()).toBe(0);
      expect(page.contents).toHaveLength(1);
    },
  );
});
