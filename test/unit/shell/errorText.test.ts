import { describe, expect, test, vi } from 'vitest';
import { said, support } from '../../../src/shell/errorText.ts';

vi.mock('vscode', async () => import('../fakes/vscode.ts'));

describe('said: the server’s description', () => {
  test.each([
    ['User is not assigned', 'The server said: “User is not assigned.”'],
    ['User is not assigned.', 'The server said: “User is not assigned.”'],
    ['割り当てられていません。', 'The server said: “割り当てられていません。”'],
    ['Really?', 'The server said: “Really?”'],
  ])('%s is quoted as a sentence', (description, expected) => {
    expect(said({ description })).toBe(expected);
  });

  test('is undefined without one', () => {
    expect(said({})).toBeUndefined();
  });
});

describe('support: the request ID', () => {
  test('follows another sentence', () => {
    expect(support({ requestId: 'r-1' })).toBe(' Request ID: r-1.');
  });

  test('is empty without one', () => {
    expect(support({})).toBe('');
  });
});
