import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Session } from '../../../../src/core/session/session.ts';
import type { SessionsChange } from '../../../../src/core/session/sessionStore.ts';
import type { ShellContext } from '../../../../src/shell/context.ts';
import { ExpiryWarnings } from '../../../../src/shell/status/expiryWarnings.ts';
import { january, oktaSession } from '../../fakes/examples.ts';
import { fakeLog } from '../../fakes/fakeLog.ts';
import { screen } from '../../fakes/screen.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeOnScreen.ts'));

const minute = 60_000;
const { refreshToken: _none, ...rest } = oktaSession.tokenSet;
const ending: Session = { ...oktaSession, tokenSet: { ...rest, expiresAt: january + 10 * minute } };

beforeEach(() => {
  screen.clear();
  vi.useFakeTimers({ now: january, toFake: ['setTimeout', 'clearTimeout', 'Date'] });
});

afterEach(() => {
  vi.useRealTimers();
});

/** A window; `claims` says whether it may show warnings. */
function windowThat(claims: boolean | Error = true) {
  const listeners = new Set<(change: SessionsChange) => void>();
  const claimed: string[] = [];
  const log = fakeLog();
  const sessions = {
    change: async (id: string) => {
      claimed.push(id);
      if (claims instanceof Error) throw claims;
      return claims;
    },
    onDidChange: (listener: (change: SessionsChange) => void) => {
      listeners.add(listener);
      return { [Symbol.dispose]: () => listeners.delete(listener) };
    },
  };
  const warnings = new ExpiryWarnings({ sessions, log } as unknown as ShellContext);
  const change = (told: Partial<SessionsChange>) =>
    listeners.forEach((listener) => listener({ added: [], changed: [], removed: [], ...told }));
  return { warnings, claimed, change, listeners, log };
}

/** Warns, and waits until the message appears or was not needed. */
async function warned(warnings: ExpiryWarnings, session = ending) {
  let isOver = false;
  void warnings.warn(session).then(() => (isOver = true));
  await vi.advanceTimersByTimeAsync(0);
  return { isOver: () => isOver };
}

const passes = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

describe('ExpiryWarnings: warn', () => {
  test('shows the account, the connection and the expiry, with a link to sign in again', async () => {
    const { warnings } = windowThat();
    await warned(warnings);
    expect(screen.progress).toHaveLength(1);
    const { title = '' } = screen.progress[0] ?? {};
    expect(title).toMatch(/ada@example\.com.*Example/);
    const args = encodeURIComponent(JSON.stringify([{ sessionId: ending.id }]));
    expect(title).toContain(`](command:developerSignIn.signInAgain?${args})`);
    warnings[Symbol.dispose]();
  });

  test('a connection’s name cannot add a link', async () => {
    const { warnings } = windowThat();
    const connection = { ...oktaSession.connection, name: '[Click](command:evil)' };
    await warned(warnings, { ...ending, connection });
    expect(screen.progress[0]?.title.match(/\]\(command:/g)).toHaveLength(1);
    expect(screen.progress[0]?.title).not.toContain('](command:evil');
    warnings[Symbol.dispose]();
  });

  test('updates the remaining time, and disappears at expiry', async () => {
    const { warnings } = windowThat();
    const { isOver } = await warned(warnings);
    await passes(5 * minute);
    expect(screen.progress[0]?.percent).toBeGreaterThan(45);
    expect(screen.progress[0]?.percent).toBeLessThan(60);
    expect(isOver()).toBe(false);
    await passes(5 * minute + 1);
    expect([screen.progress[0]?.isGone, isOver()]).toEqual([true, true]);
  });

  test('Cancel closes it', async () => {
    const { warnings, listeners } = windowThat();
    const { isOver } = await warned(warnings);
    screen.progress[0]?.cancel();
    await passes(0);
    expect([screen.progress[0]?.isGone, isOver(), listeners.size]).toEqual([true, true, 0]);
  });

  const renewed = { ...ending, tokenSet: { ...ending.tokenSet, accessToken: 'access-2' } } as Session;
  test.each<[string, Partial<SessionsChange>, boolean]>([
    ['signed out', { removed: [ending] }, true],
    ['signed in again', { changed: [renewed] }, true],
    ['written with the same token', { changed: [ending] }, false],
    ['another one, signed out', { removed: [{ ...ending, id: 'other' }] }, false],
  ])('disappears for a session that was %s: %#', async (_, told, isGone) => {
    const { warnings, change } = windowThat();
    await warned(warnings);
    change(told);
    await passes(0);
    expect(screen.progress[0]?.isGone).toBe(isGone);
    warnings[Symbol.dispose]();
  });

  test('is shown once by a window, and by one window', async () => {
    const { warnings, claimed } = windowThat();
    await warned(warnings);
    await warned(warnings);
    expect([screen.progress.length, claimed.length]).toEqual([1, 1]);
    warnings[Symbol.dispose]();
    const other = windowThat(false);
    await warned(other.warnings);
    expect(screen.progress).toHaveLength(1);
  });

  test('is shown again for the next token of a session', async () => {
    const { warnings } = windowThat();
    await warned(warnings);
    const tokens = { ...ending.tokenSet, expiresAt: january + 70 * minute };
    await warned(warnings, { ...ending, tokenSet: tokens });
    expect(screen.progress).toHaveLength(2);
    warnings[Symbol.dispose]();
  });

  test('is left for a few seconds to the focused window', async () => {
    screen.state.focused = false;
    const { warnings, claimed } = windowThat();
    await warned(warnings);
    await passes(4999);
    expect(claimed).toEqual([]);
    await passes(1);
    expect([claimed.length, screen.progress.length]).toEqual([1, 1]);
    warnings[Symbol.dispose]();
  });

  test('waits no longer than a quarter of the remaining time', async () => {
    screen.state.focused = false;
    const { warnings } = windowThat();
    await warned(warnings, {
      ...ending,
      tokenSet: { ...ending.tokenSet, expiresAt: january + 8000 },
    });
    await passes(2000);
    expect(screen.progress).toHaveLength(1);
    warnings[Symbol.dispose]();
  });

  test('a window that closes shows nothing more, and removes its messages', async () => {
    screen.state.focused = false;
    const { warnings, claimed } = windowThat();
    const { isOver } = await warned(warnings);
    warnings[Symbol.dispose]();
    await passes(0);
    expect([isOver(), claimed]).toEqual([true, []]);
    screen.state.focused = true;
    const other = windowThat();
    const said = await warned(other.warnings);
    other.warnings[Symbol.dispose]();
    await passes(0);
    expect([screen.progress[0]?.isGone, said.isOver()]).toEqual([true, true]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('a session that cannot be marked is logged, and blocks nothing', async () => {
    const { warnings, log } = windowThat(new Error('the disk is full'));
    const { isOver } = await warned(warnings);
    expect([isOver(), screen.progress]).toEqual([true, []]);
    expect(log.lines).toEqual([expect.stringMatching(`^warn .*${ending.id}`)]);
  });
});
