import { describe, expect, test, vi } from 'vitest';
import { approximateTimeLeft, spanText, timeLeft } from '../../../../src/shell/ui/duration.ts';

vi.mock('vscode', async () => import('../../fakes/vscode.ts'));

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

describe('timeLeft', () => {
  test.each([
    [-second, '0:00'],
    [1, '0:01'],
    [9 * minute + 58 * second, '9:58'],
    [hour - 1, '1 h 0 min'],
    [2 * hour + 5 * minute, '2 h 5 min'],
    [48 * hour, '2 days'],
  ])('%d ms: %s', (milliseconds, text) => {
    expect(timeLeft(milliseconds)).toBe(text);
  });
});

describe('approximateTimeLeft', () => {
  test.each([
    [minute - 1, 'less than a minute'],
    [minute, '1 min'],
    [hour - 1, '59 min'],
    [2 * hour, '2 h 0 min'],
  ])('%d ms: %s', (milliseconds, text) => {
    expect(approximateTimeLeft(milliseconds)).toBe(text);
  });
});

describe('spanText', () => {
  test.each([
    [0, '1 min'],
    [45 * minute, '45 min'],
    [8 * hour - 10 * minute, '8 h'],
    [72 * hour, '3 days'],
  ])('%d ms: %s', (milliseconds, text) => {
    expect(spanText(milliseconds)).toBe(text);
  });
});
