import { describe, expect, test } from 'vitest';
import { columns, wrapText } from '../../../../src/shell/ui/wrapText.ts';

describe('wrapText', () => {
  test.each([
    ['', ['']],
    ['short', ['short']],
    ['exactly ten', ['exactly', 'ten']],
    ['one two three four', ['one two', 'three four']],
    ['Use: https://example.com/long', ['Use:', 'https://example.com/long']],
    ['設定を確認。再試行。', ['設定を確認。', '再試行。']],
  ])('breaks %j at ten columns', (text, rows) => {
    expect(wrapText(text, 10)).toEqual(rows);
  });

  test('leaves room in the first row', () => {
    expect(wrapText('one two three', 10, { first: 3 })).toEqual(['one', 'two three']);
  });

  test('took quadratic time for a text of spaces', () => {
    expect(wrapText(' '.repeat(25), 10)).toEqual(['']);
  });

  test('keeps the names of a path together', () => {
    expect(wrapText('One Two > Three Four > Five', 18, { at: /(?<=> )/ })).toEqual([
      'One Two >',
      'Three Four > Five',
    ]);
  });

  test('keeps every word', () => {
    const text = 'Okta Admin Console > Applications > your application > Provisioning > Integration';
    for (let width = 1; width < 100; width++) expect(wrapText(text, width).join(' ')).toBe(text);
  });
});

describe('columns', () => {
  test.each([
    ['Okta', 4],
    ['発行者', 6],
    ['Okta の', 7],
    ['“é”', 3],
  ])('of %j are %i', (text, count) => {
    expect(columns(text)).toBe(count);
  });
});
