import * as v from 'valibot';
import { parseJson } from '../core/text/parseJson.ts';
import type { CheckResult } from './checkResult.ts';

/** What a setup has that ends on a day, so that people are reminded of it. */
export const expiring = ['signingCertificate', 'scimToken', 'metadata', 'registration'] as const;
/** The name of what ends. */
export type Expiring = (typeof expiring)[number];

const day = 24 * 3600 * 1000;
/** Two checks can see the same end by different clocks, such as a token's creation in a log and its own claim. */
const sameEnd = day;

/** How long before the end people are reminded; and then once that it has ended. */
const remindersAhead = [90 * day, 30 * day, 7 * day, 0] as const;

/** How many of the reminders of an end have come, 0 to 4: the fourth says that it has ended. */
export type Stage = 0 | 1 | 2 | 3 | 4;
const ended = 4;

const expirationSchema = v.object({
  what: v.picklist(expiring),
  /** Epoch milliseconds. */
  endsAt: v.number(),
  /** The check that saw it. */
  seenBy: v.string(),
  /** The page of a console where it is renewed. */
  page: v.exactOptional(v.pipe(v.string(), v.startsWith('https://'))),
  /** The last reminder that was given, or that the run made needless, since it showed the end itself. */
  said: v.picklist([0, 1, 2, 3]),
  /** A person wants no more reminders of this end. */
  isMuted: v.exactOptional(v.literal(true)),
});
/** An end that people are reminded of: dates and names, nothing secret. */
export type Expiration = v.InferOutput<typeof expirationSchema>;

const subjectSchema = v.object({
  /** Which guide and where the sign-in goes: not the name, which can change. */
  key: v.string(),
  /** As people know it: the name of a connection where one was checked. */
  name: v.string(),
  /** Whether it was a connection of the settings: without that, there is nothing to remind of. */
  isConnection: v.boolean(),
  expirations: v.array(expirationSchema),
});
/** What was checked, and what of it ends. */
export type WatchedSubject = v.InferOutput<typeof subjectSchema>;

const fileSchema = v.object({
  version: v.literal(1),
  /** As `src/setup/nextReminder.ts` reads it; null for never. */
  nextAt: v.nullable(v.number()),
  subjects: v.array(subjectSchema),
});

/** More subjects than one person administers; the ones checked last stay. */
const mostSubjects = 50;

/** An end as a run saw it. */
export interface SeenEnd {
  readonly what: Expiring;
  readonly endsAt: number;
  readonly seenBy: string;
  readonly page?: string;
}

/** What a run tells of ends: those that it saw, and the checks that looked and saw none. */
export interface SeenEnds {
  readonly ends: readonly SeenEnd[];
  readonly sawNone: readonly string[];
}

/** What a check can tell of an end; as `Check` has it. */
interface EndingCheck {
  readonly id: string;
  readonly expires?: { readonly what: Expiring; readonly at: string };
}

/**
 * The ends in the findings of a run; where two checks see the same thing, the earlier. A check that was not verified has seen
 * nothing, neither an end nor its absence.
 */
export function endsIn<C extends EndingCheck>(
  checks: readonly C[],
  findingOf: (check: C) => CheckResult | undefined,
  pageOf: (check: C) => string | undefined,
): SeenEnds {
  const ends = new Map<Expiring, SeenEnd>();
  const sawNone: string[] = [];
  for (const check of checks) {
    const { id, expires } = check;
    const finding = findingOf(check);
    if (expires === undefined || finding === undefined) continue;
    const endsAt = finding.evidence.find(({ name }) => name === expires.at)?.value;
    if (typeof endsAt !== 'number' || Number.isNaN(new Date(endsAt).getTime())) {
      if (finding.state !== 'inconclusive') sawNone.push(id);
      continue;
    }
    const page = pageOf(check);
    const isEarlier = endsAt < (ends.get(expires.what)?.endsAt ?? Infinity);
    if (isEarlier)
      ends.set(expires.what, {
        what: expires.what,
        endsAt,
        seenBy: id,
        ...(page?.startsWith('https://') === true ? { page } : {}),
      });
  }
  return { ends: [...ends.values()], sawNone };
}

/** The reminders that belong to this moment or to one before. */
export function stageAt(endsAt: number, now: number): Stage {
  return remindersAhead.filter((ahead) => now >= endsAt - ahead).length as Stage;
}

/**
 * The ends of a subject after a run. What the run shows need not be said once more. A new end begins anew; one that the run
 * could not look at stays; one that has gone, or is over, is dropped.
 */
export function afterRun(
  before: readonly Expiration[],
  { ends, sawNone }: SeenEnds,
  now: number,
): readonly Expiration[] {
  const kept = before.filter(
    ({ what, seenBy }) => !ends.some((end) => end.what === what) && !sawNone.includes(seenBy),
  );
  const seen = ends.flatMap(({ what, endsAt, seenBy, page }): Expiration[] => {
    const stage = stageAt(endsAt, now);
    if (stage === ended) return [];
    const known = before.find((one) => one.what === what && Math.abs(one.endsAt - endsAt) < sameEnd);
    const said = Math.max(stage, known?.said ?? 0) as Expiration['said'];
    return [
      {
        what,
        endsAt,
        seenBy,
        said,
        ...(page === undefined ? {} : { page }),
        ...(known?.isMuted === true ? { isMuted: true } : {}),
      },
    ];
  });
  return [...kept, ...seen];
}

/** A reminder that is due: of which end, and of what subject. */
export interface Reminder {
  readonly subject: WatchedSubject;
  readonly expiration: Expiration;
  readonly stage: Stage;
}

/** The reminders that are due at `now`, and the subjects after they were given. */
export function takeReminders(
  subjects: readonly WatchedSubject[],
  now: number,
): { readonly due: readonly Reminder[]; readonly after: readonly WatchedSubject[] } {
  const due = subjects.flatMap((subject) =>
    subject.expirations.flatMap((expiration): Reminder[] => {
      const stage = stageAt(expiration.endsAt, now);
      return stage > expiration.said && expiration.isMuted !== true ? [{ subject, expiration, stage }] : [];
    }),
  );
  const after = subjects.map((subject) => ({
    ...subject,
    expirations: subject.expirations.flatMap((one): Expiration[] => {
      const stage = stageAt(one.endsAt, now);
      return stage === ended ? [] : [{ ...one, said: Math.max(stage, one.said) as Expiration['said'] }];
    }),
  }));
  return { due, after };
}

/**
 * The subjects with the client registrations of the sessions that there are now: a sign-in renews one without a check, and after a
 * sign-out it is gone. `endOf` is given a subject's key.
 */
export function withRegistrations(
  subjects: readonly WatchedSubject[],
  endOf: (key: string) => number | undefined,
  now: number,
): readonly WatchedSubject[] {
  return subjects.map((subject) => {
    const known = subject.expirations.find(({ what }) => what === 'registration');
    if (known === undefined) return subject;
    const { what, seenBy } = known;
    const endsAt = endOf(subject.key);
    const seen =
      endsAt === undefined
        ? { ends: [], sawNone: [seenBy] }
        : { ends: [{ what, seenBy, endsAt }], sawNone: [] };
    const isSame = endsAt !== undefined && Math.abs(endsAt - known.endsAt) < sameEnd;
    return isSame ? subject : { ...subject, expirations: [...afterRun(subject.expirations, seen, now)] };
  });
}

/** The subjects after a person said that they want no more reminders of an end. */
export function muted(
  subjects: readonly WatchedSubject[],
  { subject: { key }, expiration: { what, endsAt } }: Reminder,
): readonly WatchedSubject[] {
  return subjects.map((subject) =>
    subject.key !== key
      ? subject
      : {
          ...subject,
          expirations: subject.expirations.map((one) =>
            one.what === what && one.endsAt === endsAt ? { ...one, isMuted: true as const } : one,
          ),
        },
  );
}

/** The subjects with one in the place of what was known of it; the one that was checked last is the last. */
export function withSubject(
  subjects: readonly WatchedSubject[],
  subject: WatchedSubject,
): readonly WatchedSubject[] {
  return [...subjects.filter(({ key }) => key !== subject.key), subject].slice(-mostSubjects);
}

/** The subjects as they are stored; what has no end left is not kept. */
export function writeSubjects(subjects: readonly WatchedSubject[]): string {
  const kept = subjects.filter(({ expirations }) => expirations.length > 0);
  const moments = kept.flatMap(({ expirations }) =>
    expirations.flatMap(({ endsAt, said, isMuted }) =>
      isMuted === true ? [] : [endsAt - remindersAhead[said]],
    ),
  );
  const nextAt = moments.length === 0 ? null : Math.min(...moments);
  return `${JSON.stringify({ version: 1, nextAt, subjects: kept })}\n`;
}

/** The stored subjects; none in a text that is not of this version or of this product. */
export function readSubjects(text: string | undefined): readonly WatchedSubject[] {
  const result = v.safeParse(fileSchema, parseJson(text ?? ''));
  return result.success ? result.output.subjects : [];
}
