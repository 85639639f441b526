import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { showStatusMessage } from '../../../../src/shell/ui/messages.ts';
import { projectRoot } from '../../../tools/lib/paths.ts';
import { screen } from '../../fakes/screen.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeOnScreen.ts'));

beforeEach(() => screen.clear());

describe('showStatusMessage', () => {
  test('is one line without anything that VS Code would render', () => {
    using _shown = showStatusMessage('$(check) Signed in\nas [ada](command:x)', 5000);
    expect(screen.statusMessages).toEqual([
      { text: '$ (check) Signed in as [ada] (command:x)', milliseconds: 5000 },
    ]);
  });

  test('a screen reader heard “check Copied”: VS Code reads the icon of a passing message by its name', () => {
    const sources = globSync('src/shell/**/*.ts', { cwd: projectRoot }).map((path) =>
      readFileSync(join(projectRoot, path), 'utf8'),
    );
    const shown = sources.flatMap((source) => source.split('setStatusBarMessage(').slice(1));
    expect(shown.map((call) => call.slice(0, call.indexOf(';')))).toEqual(['plainText(text), milliseconds)']);
  });
});
