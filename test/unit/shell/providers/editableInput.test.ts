import { describe, expect, test, vi } from 'vitest';
import {
  editLabel,
  editTitle,
  editableInputs,
  renamed,
} from '../../../../src/shell/providers/editableInput.ts';

vi.mock('vscode', async () => import('../../fakes/vscode.ts'));

describe('editLabel', () => {
  test('each value has its own button, with an ellipsis for the question', () => {
    const labels = editableInputs.map(editLabel);
    expect(new Set(labels).size).toBe(editableInputs.length);
    for (const label of labels) expect(label).toMatch(/[^…]…$/);
  });
});

describe('editTitle', () => {
  test.each(editableInputs)('the title for %s equals its button', (input) => {
    expect(`${editTitle(input)}…`).toBe(editLabel(input));
  });
});

describe('renamed', () => {
  test('a name derived from the address follows it', () => {
    expect(renamed('a.okta.com', ['a.okta.com'], 'b.okta.com')).toBe('b.okta.com');
  });

  test('a name chosen by the user stays', () => {
    expect(renamed('My company', ['a.okta.com'], 'b.okta.com')).toBe('My company');
  });
});
