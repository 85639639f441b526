import { describe, expect, test } from 'vitest';
import { changesBetween, readLastRun } from '../../../src/setup/runChanges.ts';
import type { LastRun } from '../../../src/setup/runChanges.ts';
import { day, january } from '../fakes/examples.ts';

const before: LastRun = {
  finishedAt: january,
  outcomes: { one: 'passed', two: 'failed', three: 'passed', four: 'warning', gone: 'failed' },
  ends: { scimToken: january + 20 * day, metadata: january + 30 * day, registration: january + 90 * day },
};

describe('changesBetween', () => {
  test('lists different results, failures first', () => {
    const now = {
      finishedAt: january + day,
      outcomes: { one: 'notVerified', two: 'passed', three: 'failed', four: 'warning', added: 'failed' },
      ends: {},
    } as const;
    expect(changesBetween(before, now)).toEqual({
      since: january,
      checks: [
        { id: 'three', was: 'passed', is: 'failed' },
        { id: 'one', was: 'passed', is: 'notVerified' },
        { id: 'two', was: 'failed', is: 'passed' },
      ],
      ends: [],
    });
  });

  test('lists new expiry dates and changed ones', () => {
    const ends = {
      signingCertificate: january + 700 * day,
      scimToken: january + 365 * day,
      metadata: january + 30 * day + 1000,
    };
    expect(changesBetween(before, { finishedAt: january + day, outcomes: {}, ends }).ends).toEqual([
      { what: 'signingCertificate', endsAt: january + 700 * day },
      { what: 'scimToken', endsAt: january + 365 * day, wasAt: january + 20 * day },
    ]);
  });

  test('finds nothing between a run and itself', () => {
    expect(changesBetween(before, before)).toEqual({ since: january, checks: [], ends: [] });
  });
});

describe('readLastRun', () => {
  test('accepts exactly what was stored', () => {
    expect(readLastRun(JSON.parse(JSON.stringify(before)))).toEqual(before);
    const others = [
      undefined,
      null,
      {},
      { ...before, outcomes: { one: 'maybe' } },
      { ...before, ends: { x: 1 } },
    ];
    for (const kept of others) expect(readLastRun(kept)).toBeUndefined();
  });
});
