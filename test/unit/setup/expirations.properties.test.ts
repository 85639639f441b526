import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  expirationsAfterRun,
  withRemindersOff,
  readSubjects,
  stageAt,
  takeReminders,
  withSubject,
  writeSubjects,
} from '../../../src/setup/expirations.ts';
import type { Reminder, Stage } from '../../../src/setup/expirations.ts';
import { nextReminderAt } from '../../../src/setup/nextReminder.ts';
import { day, january } from '../fakes/examples.ts';

/** Events for the expiry of one token: days pass, checks run with their results, the user mutes it. */
type Event =
  | { readonly kind: 'wait'; readonly days: number }
  | { readonly kind: 'look' }
  | { readonly kind: 'seen'; readonly inDays: number }
  | { readonly kind: 'gone' | 'notVerified' | 'mute' };

const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), days: fc.integer({ min: 1, max: 40 }) }),
  },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('look' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('seen' as const), inDays: fc.integer({ min: -5, max: 200 }) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('mute' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('gone' as const, 'notVerified' as const) }) },
);

const key = 'kiro https://example.okta.com (0oa1)';

/** Replays the events through the stored text, as windows do, and returns the reminders. */
function play(events: readonly Event[]) {
  let now = january;
  let text: string | undefined;
  /** The expiry seen by the last conclusive run, and its stage at that time, which the run displayed. */
  let truth: { readonly endsAt: number; readonly shown: Stage } | undefined;
  let isMuted = false;
  let last: Reminder | undefined;
  const said: {
    readonly at: number;
    readonly reminder: Reminder;
    readonly truth: typeof truth;
    readonly isMuted: boolean;
  }[] = [];
  const missed: string[] = [];
  for (const one of events) {
    switch (one.kind) {
      case 'wait':
        now += one.days * day;
        break;
      case 'look': {
        const next = nextReminderAt(text);
        const subjects = readSubjects(text);
        const { due, after } = takeReminders(subjects, now);
        if (due.length > 0 !== (next !== undefined && next <= now)) missed.push(`woken at ${now}`);
        for (const reminder of due) said.push({ at: now, reminder, truth, isMuted });
        [last = last] = due;
        text = writeSubjects(after);
        if (takeReminders(readSubjects(text), now).due.length > 0) missed.push(`due twice at ${now}`);
        break;
      }
      case 'mute':
        if (last !== undefined) {
          const isOfThis = last.expiration.endsAt === truth?.endsAt;
          text = writeSubjects(withRemindersOff(readSubjects(text), last));
          isMuted ||= isOfThis;
        }
        break;
      default: {
        const endsAt = one.kind === 'seen' ? now + one.inDays * day : 0;
        const ends =
          one.kind === 'seen' ? [{ what: 'scimToken' as const, endsAt, seenBy: 'scim.token' }] : [];
        const sawNone = one.kind === 'gone' ? ['scim.token'] : [];
        const before = readSubjects(text).find((subject) => subject.key === key)?.expirations ?? [];
        const expirations = [...expirationsAfterRun(before, { ends, sawNone }, now)];
        text = writeSubjects(
          withSubject(readSubjects(text), { key, name: 'Work', isConnection: true, expirations }),
        );
        if (one.kind === 'seen') {
          if (truth?.endsAt !== endsAt) isMuted = false;
          truth = { endsAt, shown: stageAt(endsAt, now) };
        }
        if (one.kind === 'gone') truth = undefined;
      }
    }
  }
  return { said, missed };
}

describe('stageAt: expiry reminders', () => {
  test('each is shown once, on time, for the expiry seen last, and never after muting', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60, size: 'max' }), (events) => {
        const { said, missed } = play(events);
        expect(missed).toEqual([]);
        for (const { at, reminder, truth, isMuted } of said) {
          const { expiration, stage } = reminder;
          expect(expiration.endsAt).toBe(truth?.endsAt);
          expect(stage).toBe(stageAt(expiration.endsAt, at));
          expect(stage).toBeGreaterThan(truth?.shown ?? 4);
          expect(isMuted).toBe(false);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('for one expiry, no reminder repeats, and a daily check skips none', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 400 }),
        fc.array(fc.boolean(), { maxLength: 420 }),
        (inDays, again) => {
          const events: Event[] = [{ kind: 'seen', inDays }];
          for (let left = inDays; left > -5; left -= 1) {
            // On some days a check runs, with the same expiry or without a result.
            if (again[left] === true) events.push({ kind: 'notVerified' });
            events.push({ kind: 'wait', days: 1 }, { kind: 'look' });
          }
          const stages = play(events).said.map(({ reminder }) => reminder.stage);
          const shown = stageAt(january + inDays * day, january);
          expect(stages).toEqual(([1, 2, 3, 4] as const).filter((stage) => stage > shown));
        },
      ),
      { numRuns: 100 },
    );
  });
});
