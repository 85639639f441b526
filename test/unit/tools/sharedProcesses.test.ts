import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { standInOf } from '../../tools/lib/sharedProcesses.ts';

const folder = mkdtempSync(join(tmpdir(), 'shared-processes-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
function fileWith(...lines: readonly string[]): string {
  const file = join(folder, `${++files}.test.ts`);
  writeFileSync(file, lines.join('\n'));
  return file;
}

const screen = "vi.mock('vscode', async () => import('../../fakes/vscodeOnScreen.ts'));";

describe('standInOf', () => {
  it('is nothing for a file that uses the real modules', () => {
    expect(standInOf(fileWith('// vi.mock is not used here', 'test();'))).toBe('');
  });

  it("is the fake's name, wherever the file is", () => {
    expect(standInOf(fileWith(screen, 'test();'))).toBe('vscodeOnScreen');
    expect(standInOf(fileWith(screen.replace('../../', '../')))).toBe('vscodeOnScreen');
  });

  it.each([
    ['a fake that it makes itself', ["vi.mock('vscode', async () => ({"]],
    ['a fake of another module beside it', [screen, "vi.mock('node:fs');"]],
    ['a fake of another module', ["vi.mock('node:os', async () => import('../fakes/vscode.ts'));"]],
    ['a fake that comes in the middle of a test', ['it("", () => {', "  vi.doMock('vscode', make);"]],
    ['modules that are loaded anew', ['beforeEach(() => {', '  vi.resetModules();']],
  ])('is unique for a file with %s', (_what, lines) => {
    const [one, other] = [fileWith(...lines), fileWith(...lines)];
    expect(standInOf(one)).not.toBe(standInOf(other));
    expect(standInOf(one)).not.toMatch(/^(vscode\w*)?$/);
  });
});
