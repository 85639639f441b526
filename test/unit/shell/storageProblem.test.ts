import { beforeEach, describe, expect, test, vi } from 'vitest';
import { showStorageProblem } from '../../../src/shell/storageProblem.ts';
import { screen } from '../fakes/screen.ts';
import { settle } from '../fakes/settle.ts';

vi.mock('vscode', async () => import('../fakes/vscodeOnScreen.ts'));

beforeEach(() => screen.clear());

describe('showStorageProblem', () => {
  test.each([
    ['keyring', /window closes.*keyring.*restart/i],
    ['disk', /storage folder.*other windows.*free disk space.*permissions/i],
    ['shared', /other users.*storage folder.*only you/i],
  ] as const)('%s: explains it and how to fix it, as a warning without a dialog', (trouble, words) => {
    void showStorageProblem(trouble);
    expect(screen.message).toMatchObject({ severity: 'warning', isModal: false, buttons: ['OK'] });
    expect(screen.message.message).toMatch(words);
  });

  test('ends when the message is closed', async () => {
    let isOver = false;
    const done = showStorageProblem('disk').then(() => (isOver = true));
    await settle();
    expect(isOver).toBe(false);
    screen.message.answer(undefined);
    await done;
    expect(screen.messages).toEqual([]);
  });
});
