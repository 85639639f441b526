import { describe, expect, test, vi } from 'vitest';
import { serverDescription, requestIdSentence } from '../../../src/shell/errorText.ts';

vi.mock('vscode', async () => import('../fakes/vscode.ts'));

describe('serverDescription: the server’s description', () => {
  test.each([
    ['User is not assigned', 'The server said: “User is not assigned.”'],
    ['User is not assigned.', 'The server said: “User is not assigned.”'],
    ['割り当てられていません。', 'The server said: “割り当てられていません。”'],
    ['Really?', 'The server said: “Really?”'],
  ])('%s is quoted as a sentence', (description, expected) => {
    expect(serverDescription({ description })).toBe(expected);
  });

  test('is undefined without one', () => {
    expect(serverDescription({})).toBeUndefined();
  });
});

describe('requestIdSentence: the request ID', () => {
  test('follows another sentence', () => {
    expect(requestIdSentence({ requestId: 'r-1' })).toBe(' Request ID: r-1.');
  });

  test('is empty without one', () => {
    expect(requestIdSentence({})).toBe('');
  });
});
