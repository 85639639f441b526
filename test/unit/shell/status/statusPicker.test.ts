import { beforeEach, describe, expect, test, vi } from 'vitest';
import { ThemeIcon } from 'vscode';
import { aboutOf } from '../../../../src/core/session/sessionRecord.ts';
import type { Connection } from '../../../../src/core/connection/connection.ts';
import type { Session } from '../../../../src/core/session/session.ts';
import { showStatus } from '../../../../src/shell/status/statusPicker.ts';
import {
  identityCenterConnection,
  identityCenterSession,
  oktaConnection,
  oktaSession,
} from '../../fakes/examples.ts';
import { screen } from '../../fakes/screen.ts';
import { settle, settleUntil } from '../../fakes/settle.ts';
import { shellWorld } from '../../fakes/shellWorld.ts';
import type { SignInDoes } from '../../fakes/shellWorld.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeOnScreen.ts'));

beforeEach(() => screen.clear());

/** A sign-in that lasts until it is canceled. */
const untilCanceled: SignInDoes = (_connection, _request, _person, signal) => {
  const { promise, reject } = Promise.withResolvers<Session>();
  signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  return promise;
};

async function world(...underWay: readonly Connection[]) {
  const all = await shellWorld({ stored: [oktaSession], signIn: untilCanceled });
  for (const connection of underWay) {
    all.signIns.run(connection).catch(() => undefined);
    await settleUntil(() => all.begun.some((one) => one.connection === connection));
  }
  const list = showStatus(all.context);
  await settleUntil(() => screen.input?.title === 'Accounts');
  return { ...all, list };
}

describe('showStatus: Back', () => {
  test('leads to the account that one came from', async () => {
    const { context } = await shellWorld({ stored: [oktaSession, identityCenterSession] });
    const list = showStatus(context);
    await settleUntil(() => screen.input?.title === 'Accounts');
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 1000);
    screen.pick.choose('Example');
    vi.restoreAllMocks();
    await settleUntil(() => screen.input !== undefined && screen.input.title !== 'Accounts');
    screen.pick.press('Back');
    await settleUntil(() => screen.input?.title === 'Accounts');
    expect(screen.pick.activeItems.map(({ label }) => label)).toEqual(['Example']);
    screen.pick.escape();
    await list;
  });
});

const work: Connection = { ...identityCenterConnection, name: 'Work' };
const other: Connection = { ...oktaConnection, name: 'Other', clientId: '0oa2' };

describe('showStatus: 6: the list of accounts', () => {
  test('opens during sign-ins, with a row for each above the accounts', async () => {
    const { signIns, list } = await world(work, other);
    expect(screen.pick.labels.slice(0, 3)).toEqual([
      'Signing in to Other…',
      'Signing in to Work…',
      expect.stringMatching(/Sign In Again|ada@/),
    ]);
    const icons = screen.pick.items.flatMap(({ iconPath }) =>
      iconPath instanceof ThemeIcon ? iconPath.id : [],
    );
    expect(icons.filter((icon) => /loading|spin/.test(icon))).toEqual([]); // Regression: a spinner wobbled in a row.
    expect(signIns.all).toHaveLength(2); // Their lists were hidden, and nothing was canceled.
    screen.pick.escape();
    await list;
    for (const { cancel } of signIns.all) cancel();
  });

  test('reopens the list of a sign-in', async () => {
    const { signIns, list } = await world(work, other);
    // The list has been open for a moment.
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 1000);
    screen.pick.choose('Signing in to Work…');
    await list;
    vi.restoreAllMocks();
    expect(screen.pick.title).toBe('Sign In with IAM Identity Center: Work');
    for (const { cancel } of signIns.all) cancel();
  });

  test('cancels a sign-in by its button, and stays open without it', async () => {
    const { signIns, list } = await world(work, other);
    screen.pick.pressOn('Signing in to Other…', 'Cancel');
    await settleUntil(() => signIns.all.length === 1);
    await settle();
    expect(screen.pick.labels[0]).toBe('Signing in to Work…');
    screen.pick.escape();
    await list;
    for (const { cancel } of signIns.all) cancel();
  });
});

describe('showStatus: 12: a lost sign-in in the list', () => {
  async function lostWorld(where: 'desktop' | 'web' | 'web without a remote name') {
    const all = await shellWorld({
      stored: [oktaSession, identityCenterSession],
      ui: where === 'desktop' ? 'desktop' : 'web',
      remoteName: where === 'web' ? '127.0.0.1:8080' : undefined,
    });
    all.records.readings.set(oktaSession.id, { state: 'lost', about: aboutOf(oktaSession) });
    const remove = all.records.remove.bind(all.records);
    all.records.remove = async (id) => {
      all.records.readings.delete(id);
      return remove(id);
    };
    const list = showStatus(all.context);
    await settleUntil(() => screen.input?.title === 'Accounts');
    const [lost] = (await all.sessions.list()).lost;
    return { ...all, list, label: lost?.accountName ?? '' };
  }

  test.each([
    ['desktop', /no longer in the system keychain/],
    ['web', /no longer in this browser/],
    ['web without a remote name', /no longer on the server/],
  ] as const)('shows where it was lost (%s), and is forgotten by its button', async (where, words) => {
    const { sessions, list, label } = await lostWorld(where);
    expect(screen.pick.row(label).detail).toMatch(words);
    screen.pick.pressOn(label, 'Forget');
    await settleUntil(() => !screen.pick.labels.includes(label));
    expect((await sessions.list()).lost).toEqual([]);
    screen.pick.escape();
    await list;
  });

  test('has Forget among its actions, for keyboard users', async () => {
    const { sessions, list, label } = await lostWorld('desktop');
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 1000);
    screen.pick.choose(label);
    await settleUntil(() => screen.input?.title === `${label} (Example)`);
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 2000);
    expect(screen.pick.labels).toEqual(['Sign In Again', 'Forget']);
    screen.pick.choose('Forget');
    await list;
    vi.restoreAllMocks();
    expect((await sessions.list()).lost).toEqual([]);
  });
});

test('shows an unreadable record as a row, with the reason', async () => {
  const { context } = await shellWorld();
  vi.spyOn(context.sessions, 'list').mockResolvedValue({
    sessions: [],
    lost: [],
    unreadable: [{ id: '1', code: 'EACCES' }],
  });
  const list = showStatus(context);
  await settleUntil(() => screen.input?.title === 'Accounts');
  await settleUntil(() => screen.pick.labels.includes('A saved sign-in can’t be read'));
  screen.pick.escape();
  await list;
});
