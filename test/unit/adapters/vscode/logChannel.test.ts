import { beforeEach, describe, expect, test, vi } from 'vitest';
import { openLogChannel } from '../../../../src/adapters/vscode/logChannel.ts';
import { settle } from '../../fakes/settle.ts';

const { createOutputChannel } = vi.hoisted(() => ({ createOutputChannel: vi.fn() }));
vi.mock('vscode', () => ({ window: { createOutputChannel } }));

const levels = ['debug', 'info', 'warn', 'error'] as const;

/** VS Code's channel, and what it received. */
function channel() {
  const shown: string[] = [];
  const at = (what: string) => (text?: unknown) => void shown.push([what, text].join(' ').trim());
  const made = Object.fromEntries([...levels, 'show', 'dispose'].map((name) => [name, at(name)]));
  createOutputChannel.mockReturnValue(made);
  return shown;
}

beforeEach(() => {
  createOutputChannel.mockReset();
});

describe('openLogChannel', () => {
  test('creates the channel once, after activation', async () => {
    channel();
    const log = openLogChannel('Name');
    expect(createOutputChannel).not.toHaveBeenCalled();
    await settle();
    log.info('One');
    expect(createOutputChannel.mock.calls).toEqual([['Name', { log: true }]]);
    log.dispose();
  });

  test('creates it with the first line, and forwards everything', () => {
    const shown = channel();
    const log = openLogChannel('Name');
    for (const level of levels) log[level](`a ${level}`);
    log.show();
    log.dispose();
    expect(createOutputChannel).toHaveBeenCalledOnce();
    expect(shown).toEqual([
      'debug a debug',
      'info a info',
      'warn a warn',
      'error a error',
      'show false',
      'dispose',
    ]);
  });

  test('creates none in a window that closes first', async () => {
    const shown = channel();
    openLogChannel('Name').dispose();
    await settle();
    expect([createOutputChannel.mock.calls, shown]).toEqual([[], []]);
  });
});
