import { describe, expect, test, vi } from 'vitest';
import { spellOut } from '../../../../src/shell/ui/spellOut.ts';

vi.mock('vscode', async () => import('../../fakes/vscode.ts'));

describe('spellOut', () => {
  test('spells letter by letter, with the dash as a word, and at most a hundred', () => {
    expect(spellOut('AB-C')).toBe('A B dash C');
    expect(spellOut('A'.repeat(500)).split(' ')).toHaveLength(100);
  });
});
