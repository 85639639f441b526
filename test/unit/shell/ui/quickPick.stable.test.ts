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

/** A list at a clock of its own, which shows these rows for a long time already. */
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

describe('createStableRows: a row that is accepted', () => {
  test('in the first half second after a change is not taken when another choice stood there', () => {
    // Cancel was where the link is now.
    const { list, pass } = listOf(contacting, 'progress');
    list.replace(turn, contacting[0], 'proceed');
    expect(turn.map((one) => list.isMeant(one))).toEqual([true, false, true, true, true]);
    pass(499);
    expect(list.isMeant(turn[1] ?? separator)).toBe(false);
    pass(1);
    expect(list.isMeant(turn[1] ?? separator)).toBe(true);
  });

  test('is judged by its place on the screen, whatever its number', () => {
    const { list } = listOf([note('progress'), separator, cancel], 'progress');
    list.replace(turn, undefined, 'proceed'); // Its two lines lie where Cancel was, too.
    expect(turn.map((one) => list.isMeant(one))).toEqual([false, true, true, true, true]);
  });

  test('is taken at once when it stood there already', () => {
    const { list } = listOf(turn, 'proceed');
    const more = [...turn.slice(0, 3), row('deviceCode'), separator, cancel];
    list.replace(more, turn[0], 'proceed');
    expect([0, 1, 2].map((index) => list.isMeant(more[index] ?? separator))).toEqual([true, true, true]);
  });

  test('is taken at once when nothing that does anything stood there', () => {
    const { list } = listOf(contacting, 'progress');
    list.replace(turn, contacting[0], 'proceed');
    expect(list.isMeant(turn[0] ?? separator)).toBe(true);
  });

  test('is taken in a list that was drawn again and is the same', () => {
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

  test('is the one that the person has gone to, as long as it is there', () => {
    const { list } = listOf(contacting, 'progress');
    expect(list.replace(turn, cancel, 'proceed')?.key).toBe('cancel');
    expect(list.replace(contacting, turn[1], 'progress')?.key).toBe('progress');
  });

  test('is not moved away by a note above it', () => {
    const { list } = listOf(turn, 'proceed');
    expect(list.replace([note('silence'), ...turn], turn[0], 'proceed')?.key).toBe('proceed');
  });

  test('is empty where nothing is preferred or there', () => {
    const { list } = listOf(turn, 'proceed');
    expect(list.replace([], turn[0], 'proceed')).toBeUndefined();
  });
});
