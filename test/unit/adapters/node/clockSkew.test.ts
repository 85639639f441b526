import { describe, expect, test } from 'vitest';
import { createSkewWatch } from '../../../../src/adapters/node/clockSkew.ts';
import type { ClockSkew } from '../../../../src/features/diagnosticsData.ts';
import { january } from '../../fakes/examples.ts';
import { fakeLog } from '../../fakes/fakeLog.ts';

const minute = 60_000;
const httpDate = (at: number) => new Date(at).toUTCString();

/** The log entries for a server whose responses have these dates. */
function said(...dates: readonly (string | null)[]): readonly string[] {
  const log = fakeLog();
  const watch = createSkewWatch(() => january, log);
  for (const date of dates) watch('a.example', date);
  return log.lines;
}

describe("createSkewWatch: a server's clock", () => {
  test.each([
    ['an hour ahead', 60 * minute, 3600],
    ['an hour behind', -60 * minute, -3600],
    ['a little more than two minutes ahead', 2 * minute + 1000, 121],
  ])('that is %s is logged, with the host and the offset', (_, skew, seconds) => {
    const lines = said(httpDate(january + skew));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^warn /);
    expect(lines[0]).toContain(JSON.stringify({ host: 'a.example', seconds }));
  });

  test('is remembered for diagnostics, from the last response', () => {
    const seen = new Map<string, ClockSkew>();
    const watch = createSkewWatch(() => january, fakeLog(), seen);
    watch('a.example', httpDate(january + 60 * minute));
    watch('a.example', httpDate(january - 3000));
    watch('a.example', null);
    watch('b.example', 'no date');
    expect([...seen.values()]).toEqual([{ host: 'a.example', seconds: -3, at: january }]);
  });

  test('is logged once per host', () => {
    const log = fakeLog();
    const watch = createSkewWatch(() => january, log);
    for (const host of ['a.example', 'a.example', 'b.example', 'a.example']) {
      watch(host, httpDate(january + 60 * minute));
    }
    expect(log.lines).toHaveLength(2);
  });

  test.each([
    ['the same', httpDate(january)],
    ['two minutes ahead', httpDate(january + 2 * minute)],
    ['Not provided', null],
    ['empty', ''],
    ['words', 'soon'],
  ])('that is %s is not logged', (_, date) => {
    expect(said(date)).toEqual([]);
  });
});
