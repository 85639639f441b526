import { describe, expect, test } from 'vitest';
import { withSection } from '../../tools/lib/measured.ts';

describe('the sections of docs/MEASURED.md', () => {
  test('are appended, and replaced in place', () => {
    const one = withSection('# Measured\n', 'npm run a', 'old');
    const both = withSection(one, 'npm run b', 'other');
    const again = withSection(both, 'npm run a', 'new');
    expect(again).toContain('<!-- npm run a -->\n\nnew\n\n<!-- end of npm run a -->');
    expect(again).not.toContain('old');
    expect(again.indexOf('new')).toBeLessThan(again.indexOf('other'));
    expect(withSection(again, 'npm run a', 'new')).toBe(again);
  });
});
