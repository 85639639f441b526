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

// What is loaded when a reminder is due, loaded once before.
beforeAll(() => import('../../../../src/shell/setup/setupChecks.ts'));

beforeEach(() => {
  screen.clear();
  focus.clear();
});

/** Waits for so many reminders, and no more. */
async function said(count: number): Promise<void> {
  await settleUntil(() => screen.allMessages.length >= count);
  expect(screen.allMessages).toHaveLength(count);
}

/** A computer on which a check saw a token that ends in so many days; `open` opens a window. */
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
  /** The person comes back to the window after so long. */
  const back = async (milliseconds: number): Promise<void> => {
    await clock.advance(milliseconds);
    for (const listener of [...focus]) listener({ focused: true });
    await settle();
    await settle();
  };
  return { ...world, subject, open, back };
}

describe('followExpirations', () => {
  test('reads once at the start, and then at most once a day, when the person comes back', async () => {
    const { open, back, expirations } = await watching(undefined);
    await open();
    expect(expirations.reads).toBe(1);
    for (let hours = 0; hours < 23; hours += 1) await back(hour);
    expect(expirations.reads).toBe(1);
    await back(hour);
    expect(expirations.reads).toBe(2);
    expect(screen.allMessages).toEqual([]);
  });

  test('starts no timer: nothing wakes up while nothing is due, nor when it is', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const world = await shellWorld({ connections: [okta] });
    const follower = followExpirations(world.context, world.clock);
    await vi.advanceTimersByTimeAsync(0);
    expect(vi.getTimerCount()).toBe(0);
    expect(world.clock.sleeping).toBe(0);
    follower.dispose();
  });

  test('reminds when it is due, each time once, and not a second window', async () => {
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

  test('reminds as soon as it is due, not a day after the last look', async () => {
    const { open, back } = await watching(90.1);
    await open();
    await back(hour);
    expect(screen.allMessages).toHaveLength(0);
    await back(2 * hour);
    await said(1);
  });

  test('leaves it to the window that the person looks at', async () => {
    const { open, back, expirations } = await watching(10);
    screen.state.focused = false;
    await open();
    expect(expirations.reads).toBe(0);
    await back(0);
    await said(1);
  });

  test('sees within a day what a check in another window has found', async () => {
    const { open, back, expirations, subject } = await watching(undefined);
    await open();
    expirations.text = writeSubjects([subject(20)]);
    await back(day);
    await said(1);
  });

  test('what cannot be read is tried again the next day, and said only in the log', async () => {
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
