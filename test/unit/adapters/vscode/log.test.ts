import { describe, expect, test } from 'vitest';
import { createLog } from '../../../../src/adapters/vscode/log.ts';
import { january } from '../../fakes/examples.ts';

function world(names: ReadonlyMap<string, string> = new Map()) {
  const shown: string[] = [];
  const at = (level: string) => (text: string) => void shown.push(`${level} ${text}`);
  const channel = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
  let time = january;
  return { log: createLog(channel, names, () => (time += 1000)), shown };
}

describe('createLog', () => {
  test('writes an event as one line with its level and details', () => {
    const { log, shown } = world();
    log.debug('One');
    log.info('Two', { host: 'a.example', scopes: ['a', 'b'], none: undefined });
    log.warn('Three', { times: 3 });
    log.error('Four', { isBad: true });
    expect(shown).toEqual([
      'debug One',
      'info Two: host=a.example scopes=a,b',
      'warn Three: times=3',
      'error Four: isBad=true',
    ]);
  });

  test('remembers the last twenty events, oldest first', () => {
    const { log } = world();
    for (let n = 1; n <= 25; n++) log.info(`Event ${n}`);
    const recent = log.recent();
    expect(recent).toHaveLength(20);
    expect(recent[0]).toEqual({ at: january + 6000, level: 'info', text: 'Event 6', times: 1 });
    expect(recent[19]?.text).toBe('Event 25');
  });

  test('a repeated event does not push out the others', () => {
    const { log } = world();
    log.info('First');
    for (let n = 1; n <= 100; n++) log.warn('Again', { n: 1 });
    log.warn('Again', { n: 2 });
    expect(log.recent().map(({ text, times }) => [text, times])).toEqual([
      ['First', 1],
      ['Again: n=1', 100],
      ['Again: n=2', 1],
    ]);
  });

  test('earlier results do not change with later events', () => {
    const { log } = world();
    log.info('One');
    const recent = log.recent();
    log.info('Two');
    expect(recent).toHaveLength(1);
  });

  test('a value cannot start a line, and is truncated', () => {
    const lines: string[] = [];
    const take = (text: string) => void lines.push(text);
    const log = createLog({ debug: take, info: take, warn: take, error: take });
    log.warn('The server refused', {
      description: 'x\n2026-01-01 [info] Signed in\u202e',
      more: 'a'.repeat(9000),
    });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^The server refused: description="x 2026-01-01 \[info\] Signed in" more=a+…$/);
    expect(lines[0]?.length).toBe(4000);
  });

  test('a value with spaces, quotes or an equals sign, or an empty one, is quoted', () => {
    const { log, shown } = world();
    log.info('Signing in', {
      connection: 'okta https://a.example 0oa1 scopes=',
      said: 'a "b"',
      query: 'a=b',
      empty: '',
      host: 'a.example',
    });
    expect(shown).toEqual([
      String.raw`info Signing in: connection="okta https://a.example 0oa1 scopes=" said="a \"b\"" query="a=b" empty="" host=a.example`,
    ]);
  });

  test('names a session as users know it, or by the start of its ID until the name is known', () => {
    const names = new Map<string, string>();
    const { log, shown } = world(names);
    const session = '0123456789abcdef0123456789abcdef';
    log.info('Refreshed', { session });
    names.set(session, 'a…@example.com (a.example) 01234567');
    log.info('Refreshed', { session });
    expect(shown).toEqual([
      'info Refreshed: session=01234567',
      'info Refreshed: session="a…@example.com (a.example) 01234567"',
    ]);
  });
});
