import * as v from 'valibot';
import { parseJson } from '../core/text/parseJson.ts';
import type { CheckResult, Evidence } from './checkResult.ts';

/** Parts of a setup that expire, of which users are reminded. */
export const expiring = ['signingCertificate', 'scimToken', 'metadata', 'registration'] as const;
/** The name of an expiring part. */
export type Expiring = (typeof expiring)[number];

const day = 24 * 3600 * 1000;
/**
 * Tolerance: two checks may see the same expiration by different clocks, such as a token's creation in a log
 * and its own claim.
 */
const sameEnd = day;

/** Times of the reminders before the expiration, in milliseconds; the last one reports the expiration itself. */
const remindersAhead = [90 * day, 30 * day, 7 * day, 0] as const;

/** Number of reminders due for an expiration, 0 to 4; the fourth reports that it has expired. */
export type Stage = 0 | 1 | 2 | 3 | 4;
const ended = 4;

const expirationSchema = v.object({
  what: v.picklist(expiring),
  /** Epoch milliseconds. */
  endsAt: v.number(),
  /** The check that observed it. */
  seenBy: v.string(),
  /** The console page where it is renewed. */
  page: v.exactOptional(v.pipe(v.string(), v.startsWith('https://'))),
  /** The last reminder given, or made unnecessary by a run that displayed the expiration. */
  said: v.picklist([0, 1, 2, 3]),
  /** The user turned off reminders of this expiration. */
  isMuted: v.exactOptional(v.literal(true)),
});
/** An expiration with reminders: dates and names, without secrets. */
export type Expiration = v.InferOutput<typeof expirationSchema>;

const subjectSchema = v.object({
  /** The guide and the address of the sign-in, but not the name, which can change. */
  key: v.string(),
  /** Display name: that of the connection, if one was checked. */
  name: v.string(),
  /** Whether it was a connection in the settings; others have no reminders. */
  isConnection: v.boolean(),
  expirations: v.array(expirationSchema),
});
/** A checked setup, and its expirations. */
export type WatchedSubject = v.InferOutput<typeof subjectSchema>;

const fileSchema = v.object({
  version: v.literal(1),
  /** Read by `src/setup/nextReminder.ts`; null for never. */
  nextAt: v.nullable(v.number()),
  subjects: v.array(subjectSchema),
});

/** More subjects than one administrator has; the most recently checked ones are kept. */
const maxSubjects = 50;

/** An expiration as a run observed it. */
export interface ObservedExpiration {
  readonly what: Expiring;
  readonly endsAt: number;
  readonly seenBy: string;
  readonly page?: string;
}

/** The expirations that a run observed, and the checks that ran and saw none. */
export interface ObservedExpirations {
  readonly ends: readonly ObservedExpiration[];
  readonly sawNone: readonly string[];
}

/** The part of a `Check` that concerns expirations. */
interface ExpiringCheck {
  readonly id: string;
  readonly expires?: { readonly what: Expiring; readonly at: string | readonly string[] };
}

/** The evidence with the time of a check's expiration. */
export function expirationEvidence(
  { expires }: ExpiringCheck,
  result: CheckResult | undefined,
): Evidence | undefined {
  return [expires?.at ?? []]
    .flat()
    .map((at) => result?.evidence.find(({ name }) => name === at))
    .find((one) => one !== undefined);
}

/**
 * The expirations in a run's results; of two for the same part, the earlier. A check that was not verified
 * proves neither an expiration nor its absence.
 */
export function expirationsIn<C extends ExpiringCheck>(
  checks: readonly C[],
  resultOf: (check: C) => CheckResult | undefined,
  pageOf: (check: C) => string | undefined,
): ObservedExpirations {
  const ends = new Map<Expiring, ObservedExpiration>();
  const sawNone: string[] = [];
  for (const check of checks) {
    const { id, expires } = check;
    const result = resultOf(check);
    if (expires === undefined || result === undefined) continue;
    const endsAt = expirationEvidence(check, result)?.value;
    if (typeof endsAt !== 'number' || Number.isNaN(new Date(endsAt).getTime())) {
      if (result.state !== 'inconclusive') sawNone.push(id);
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

/** The number of reminders due by now. */
export function stageAt(endsAt: number, now: number): Stage {
  return remindersAhead.filter((ahead) => now >= endsAt - ahead).length as Stage;
}

/**
 * The expirations of a subject after a run, whose own display counts as a reminder. New ones start over, ones
 * that the run could not observe stay, and ones that are gone are dropped.
 */
export function expirationsAfterRun(
  before: readonly Expiration[],
  { ends, sawNone }: ObservedExpirations,
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

/** A due reminder: its expiration and subject. */
export interface Reminder {
  readonly subject: WatchedSubject;
  readonly expiration: Expiration;
  readonly stage: Stage;
}

/** The reminders due at `now`, and the subjects with these marked as given. */
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
 * The subjects with the client registrations of the current sessions: a sign-in renews one without a check, and
 * sign-out removes it. `endOf` takes a subject's key.
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
    return isSame
      ? subject
      : { ...subject, expirations: [...expirationsAfterRun(subject.expirations, seen, now)] };
  });
}

/** The subjects with reminders of an expiration turned off. */
export function withRemindersOff(
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

/** The subjects with one replaced or added, in the order of their last check. */
export function withSubject(
  subjects: readonly WatchedSubject[],
  subject: WatchedSubject,
): readonly WatchedSubject[] {
  return [...subjects.filter(({ key }) => key !== subject.key), subject].slice(-maxSubjects);
}

/** Serializes the subjects that still have expirations. */
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

/** Parses the stored subjects; empty for text of another version or origin. */
export function readSubjects(text: string | undefined): readonly WatchedSubject[] {
  const result = v.safeParse(fileSchema, parseJson(text ?? ''));
  return result.success ? result.output.subjects : [];
}
