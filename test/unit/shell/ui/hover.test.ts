import { describe, expect, test, vi } from 'vitest';
import { hover } from '../../../../src/shell/ui/hover.ts';

vi.mock('vscode', () => ({
  MarkdownString: class {
    readonly value: string;
    constructor(value: string) {
      this.value = value;
    }
  },
}));

describe('hover', () => {
  test('puts lines under their heading, and separates parts', () => {
    const parts = [{ lines: ['State'] }, { heading: 'ada', lines: ['Work', 'an hour'] }];
    expect(hover(parts).value).toBe('State\n\n**ada**  \nWork  \nan hour');
  });

  test('shows text as text: no link, icon, HTML or emphasis', () => {
    const { value } = hover([
      { heading: '[x](command:y)', lines: ['<b>$(zap)</b>', 'ada@example.com', '`_*'] },
    ]);
    expect(value.replace(/^\*\*|\*\*/g, '')).not.toMatch(/[[\]()<>$`_*@]/);
  });
});
