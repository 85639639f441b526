import { expect, test, vi } from 'vitest';
import { spelled } from '../../../../src/shell/ui/spellOut.ts';

vi.mock('vscode', async () => import('../../fakes/vscode.ts'));

test('spelled: letter by letter, with the dash as a word, and no more than a hundred', () => {
  expect(spelled('AB-C')).toBe('A B dash C');
  expect(spelled('A'.repeat(500)).split(' ')).toHaveLength(100);
});
