import { describe, expect, test, vi } from 'vitest';
import { createStableRows } from '../../../../src/shell/ui/quickPick.ts';
import type { StableRow } from '../../../../src/shell/ui/quickPick.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeOnScreen.ts'));

const row = (key: string): StableRow => ({ key, choose: () => undefined });
const note = (key: string): StableRow => ({ key });
const separator: StableRow = {};
const cancel = row('cancel');
const high = (one: StableRow): StableRow => ({ ...one, detail: 'more' });
const contacting = [high(note('progress')), separator, cancel];
const turn = [high(row('proceed')), row('link'), row('qrCode'), separator, cancel];

/** A list with its own clock that has shown these rows for a long time. */
function listOf(rows: readonly StableRow[], preferred: string) {
  let now = 1_000_000;
  const list = createStableRows<StableRow>(() => now);
  list.replace(rows, undefined, preferred);
  const pass = (milliseconds: number): void => {
    now += milliseconds;
  };
  pass(60_000);
  return { list, pass };
}

describe('createStableRows: an accepted row', () => {
  test('is ignored in the first half second after a change if another choice was in its place', () => {
    // Cancel was where the link is now.
    const { list, pass } = listOf(contacting, 'progress');
    list.replace(turn, contacting[0], 'proceed');
    expect(turn.map((one) => list.isMeant(one))).toEqual([true, false, true, true, true]);
    pass(499);
    expect(list.isMeant(turn[1] ?? separator)).toBe(false);
    pass(1);
    expect(list.isMeant(turn[1] ?? separator)).toBe(true);
  });

  test('is judged by its position on the screen, not its index', () => {
    const { list } = listOf([note('progress'), separator, cancel], 'progress');
    list.replace(turn, undefined, 'proceed'); // Its two lines also cover the place of Cancel.
    expect(turn.map((one) => list.isMeant(one))).toEqual([false, true, true, true, true]);
  });

  test('is accepted at once if it was already there', () => {
    const { list } = listOf(turn, 'proceed');
    const more = [...turn.slice(0, 3), row('deviceCode'), separator, cancel];
    list.replace(more, turn[0], 'proceed');
    expect([0, 1, 2].map((index) => list.isMeant(more[index] ?? separator))).toEqual([true, true, true]);
  });

  test('is accepted at once if nothing selectable was there', () => {
    const { list } = listOf(contacting, 'progress');
    list.replace(turn, contacting[0], 'proceed');
    expect(list.isMeant(turn[0] ?? separator)).toBe(true);
  });

  test('is accepted in a list that was redrawn without a change', () => {
    const { list } = listOf(turn, 'proceed');
    const again = turn.map((one) => ({ ...one }));
    list.replace(again, turn[0], 'proceed');
    expect(again.every((one) => list.isMeant(one))).toBe(true);
  });

  test('cannot be hit twice by a double click that changes the list', () => {
    const { list } = listOf(turn, 'proceed');
    const waiting = [row('open'), row('code'), ...turn.slice(1)];
    list.replace(waiting, turn[0], 'open');
    expect(list.isMeant(waiting[0] ?? separator)).toBe(false);
  });
});

describe('createStableRows: the active row after a change', () => {
  test('is the preferred one', () => {
    const { list } = listOf(contacting, 'progress');
    expect(list.replace(turn, contacting[0], 'proceed')?.key).toBe('proceed');
  });

  test('is the one that the user moved to, while it exists', () => {
    const { list } = listOf(contacting, 'progress');
    expect(list.replace(turn, cancel, 'proceed')?.key).toBe('cancel');
    expect(list.replace(contacting, turn[1], 'progress')?.key).toBe('progress');
  });

  test('does not move because of a note above it', () => {
    const { list } = listOf(turn, 'proceed');
    expect(list.replace([note('silence'), ...turn], turn[0], 'proceed')?.key).toBe('proceed');
  });

  test('is empty without a preferred or previous one', () => {
    const { list } = listOf(turn, 'proceed');
    expect(list.replace([], turn[0], 'proceed')).toBeUndefined();
  });
});
