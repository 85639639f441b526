import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { showCountingPick } from '../../../../src/shell/ui/countdownQuickPick.ts';
import type { CountingRow } from '../../../../src/shell/ui/countdownQuickPick.ts';
import { screen } from '../../fakes/screen.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeOnScreen.ts'));

beforeEach(() => {
  screen.clear();
  vi.useFakeTimers({ now: 0, toFake: ['Date', 'setInterval', 'clearInterval'] });
});
afterEach(() => void vi.useRealTimers());

const minute = 60_000;
const row = (key: string, more: Partial<CountingRow> = {}): CountingRow => ({ key, label: key, ...more });

/** Opens a list of these rows. */
async function open(
  rows: () => readonly CountingRow[],
  more: { readonly back?: () => Promise<unknown>; readonly at?: string } = {},
) {
  const watch = { change: () => {}, disposed: 0 };
  const done = showCountingPick({
    title: 'Title',
    placeholder: () => 'Placeholder',
    load: async () => undefined,
    rows,
    watch: (listener) => {
      watch.change = listener;
      return [{ dispose: () => (watch.disposed += 1) }];
    },
    ...more,
  });
  await vi.waitFor(() => expect(screen.input).toBeDefined());
  return { done, watch };
}

describe('showCountingPick', () => {
  test("runs the selected row's action after closing, and stops watching", async () => {
    const chosen: unknown[] = [];
    const choose = async () => void chosen.push(screen.input);
    const { done, watch } = await open(() => [row('one', { choose }), row('two')]);
    vi.setSystemTime(minute);
    screen.pick.choose('one');
    await done;
    expect(chosen).toEqual([undefined]);
    expect(watch.disposed).toBe(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('stays open on an informational row', async () => {
    const { done } = await open(() => [row('one')]);
    vi.setSystemTime(minute);
    screen.pick.choose('one');
    expect(screen.pick.labels).toEqual(['one']);
    screen.pick.escape();
    await done;
  });

  test('counts down in the title while a row with a time is active', async () => {
    const counts = { who: 'token', until: 10 * minute };
    const { done } = await open(() => [row('one', { counts })]);
    screen.pick.activeItems = [screen.pick.row('one')];
    vi.advanceTimersByTime(2000);
    expect(screen.pick.title).toBe('Title · token: 9:58 left');
    vi.advanceTimersByTime(10 * minute);
    expect(screen.pick.title).toBe('Title');
    screen.pick.escape();
    await done;
  });

  test('updates its rows when their data changes', async () => {
    let rows = [row('one')];
    const { done, watch } = await open(() => rows);
    rows = [row('one'), row('two')];
    watch.change();
    await vi.waitFor(() => expect(screen.pick.labels).toEqual(['one', 'two']));
    screen.pick.escape();
    await done;
  });

  test('ignores the selection of a row that has just moved', async () => {
    const chosen: string[] = [];
    const choosing = (key: string) => row(key, { choose: async () => void chosen.push(key) });
    let rows = [choosing('one')];
    const { done, watch } = await open(() => rows);
    vi.setSystemTime(minute);
    rows = [choosing('zero'), choosing('one')];
    watch.change();
    await vi.waitFor(() => expect(screen.pick.labels).toEqual(['zero', 'one']));
    screen.pick.choose('zero');
    expect(chosen).toEqual([]);
    vi.setSystemTime(minute + 600);
    screen.pick.choose('zero');
    await done;
    expect(chosen).toEqual(['zero']);
  });

  test('begins with the row that led away, and with the first where it is gone', async () => {
    for (const [at, active] of [
      ['two', 'two'],
      ['gone', 'one'],
    ] as const) {
      const { done } = await open(() => [row('one'), row('two')], { at });
      expect(screen.pick.activeItems.map(({ label }) => label)).toEqual([active]);
      screen.pick.escape();
      await done;
    }
  });

  test('leads back where one came from', async () => {
    const back = vi.fn(async () => {});
    const { done } = await open(() => [row('one')], { back });
    screen.pick.press('Back');
    await done;
    expect(back).toHaveBeenCalledOnce();
  });
});
