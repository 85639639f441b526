import { beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Expiration, WatchedSubject } from '../../../../src/setup/expirations.ts';
import { writeSubjects } from '../../../../src/setup/expirations.ts';
import { followExpirations } from '../../../../src/shell/setup/followExpirations.ts';
import { subjectKeyOf } from '../../../../src/shell/setup/setupSubject.ts';
import { day, hour, oktaConnection } from '../../fakes/examples.ts';
import { screen } from '../../fakes/screen.ts';
import { settle, settleUntil } from '../../fakes/settle.ts';
import { shellWorld } from '../../fakes/shellWorld.ts';

const focus = vi.hoisted(() => new Set<(state: { readonly focused: boolean }) => void>());
vi.mock('vscode', async () => {
  const vscode = await import('../../fakes/vscodeWithViews.ts');
  const onDidChangeWindowState = (listener: (state: { readonly focused: boolean }) => void) => {
    focus.add(listener);
    return new vscode.Disposable(() => focus.delete(listener));
  };
  return { ...vscode, window: { ...vscode.window, onDidChangeWindowState } };
});

const okta = { ...oktaConnection, name: 'Work' };
const token: Omit<Expiration, 'endsAt'> = { what: 'scimToken', seenBy: 'scim.token', said: 0 };

// Preload what a due reminder loads.
beforeAll(() => import('../../../../src/shell/setup/setupChecks.ts'));

beforeEach(() => {
  screen.clear();
  focus.clear();
});

/** Waits for exactly this number of reminders. */
async function said(count: number): Promise<void> {
  await settleUntil(() => screen.allMessages.length >= count);
  expect(screen.allMessages).toHaveLength(count);
}

/** A machine on which a check found a token that expires in this number of days; `open` opens a window. */
async function watching(inDays: number | undefined) {
  const world = await shellWorld({ connections: [okta] });
  const { clock, expirations } = world;
  const start = clock.now();
  const subject = (days: number): WatchedSubject => ({
    key: subjectKeyOf(okta),
    name: 'Work',
    isConnection: true,
    expirations: [{ ...token, endsAt: start + days * day }],
  });
  if (inDays !== undefined) expirations.text = writeSubjects([subject(inDays)]);
  const open = async () => {
    const follower = followExpirations(world.context, clock);
    onTestFinished(() => void follower.dispose());
    await settle();
    return follower;
  };
  /** The user returns to the window after this time. */
  const back = async (milliseconds: number): Promise<void> => {
    await clock.advance(milliseconds);
    for (const listener of [...focus]) listener({ focused: true });
    await settle();
    await settle();
  };
  return { ...world, subject, open, back };
}

describe('followExpirations', () => {
  test('reads once at startup, and then at most once a day, when the window gets focus', async () => {
    const { open, back, expirations } = await watching(undefined);
    await open();
    expect(expirations.reads).toBe(1);
    for (let hours = 0; hours < 23; hours += 1) await back(hour);
    expect(expirations.reads).toBe(1);
    await back(hour);
    expect(expirations.reads).toBe(2);
    expect(screen.allMessages).toEqual([]);
  });

  test('starts no timer: nothing wakes up, whether or not a reminder is due', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const world = await shellWorld({ connections: [okta] });
    const follower = followExpirations(world.context, world.clock);
    await vi.advanceTimersByTimeAsync(0);
    expect(vi.getTimerCount()).toBe(0);
    expect(world.clock.sleeping).toBe(0);
    follower.dispose();
  });

  test('reminds when due, once each, in one window', async () => {
    const { open, back } = await watching(91);
    await open();
    await open();
    for (let days = 0; days < 100; days += 1) await back(day);
    await said(4);
    expect(screen.allMessages.map(({ severity, message }) => `${severity}: ${message}`)).toEqual([
      'information: SCIM access token for Work expires on Apr 2, 2026. Ask your AWS administrator to renew it.',
      'information: SCIM access token for Work expires on Apr 2, 2026. Ask your AWS administrator to renew it.',
      'warning: SCIM access token for Work expires on Apr 2, 2026. Ask your AWS administrator to renew it.',
      'warning: SCIM access token for Work expired on Apr 2, 2026. Ask your AWS administrator to renew it.',
    ]);
  });

  test('reminds as soon as it is due, not a day after the last read', async () => {
    const { open, back } = await watching(90.1);
    await open();
    await back(hour);
    expect(screen.allMessages).toHaveLength(0);
    await back(2 * hour);
    await said(1);
  });

  test('leaves it to the focused window', async () => {
    const { open, back, expirations } = await watching(10);
    screen.state.focused = false;
    await open();
    expect(expirations.reads).toBe(0);
    await back(0);
    await said(1);
  });

  test('notices within a day what a check in another window found', async () => {
    const { open, back, expirations, subject } = await watching(undefined);
    await open();
    expirations.text = writeSubjects([subject(20)]);
    await back(day);
    await said(1);
  });

  test('retries an unreadable file the next day, and only logs the error', async () => {
    const { open, back, expirations, log } = await watching(10);
    const failing = vi.spyOn(expirations, 'read').mockRejectedValue(new Error('EIO'));
    await open();
    await back(hour);
    expect(failing).toHaveBeenCalledTimes(1);
    expect(log.lines.filter((line) => line.includes('reminders of the setup'))).toHaveLength(1);
    failing.mockRestore();
    await back(day);
    await said(1);
  });

  test('ends with its window', async () => {
    const { open, back, expirations } = await watching(10);
    screen.state.focused = false;
    (await open()).dispose();
    await back(day);
    expect(expirations.reads).toBe(0);
  });
});
