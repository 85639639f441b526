import { describe, expect, test } from 'vitest';
import { inconclusive, pass, warn } from '../../../src/setup/checkResult.ts';
import type { CheckResult } from '../../../src/setup/checkResult.ts';
import { checksOf } from '../../../src/setup/checks/index.ts';
import {
  expirationsAfterRun,
  expirationsIn,
  expiring,
  withRemindersOff,
  readSubjects,
  stageAt,
  takeReminders,
  withRegistrations,
  withSubject,
  writeSubjects,
} from '../../../src/setup/expirations.ts';
import type { Expiration, ObservedExpirations, WatchedSubject } from '../../../src/setup/expirations.ts';
import { day, january } from '../fakes/examples.ts';

const end = january + 200 * day;
const token: Expiration = { what: 'scimToken', endsAt: end, seenBy: 'scim.token', said: 0 };
const certificate: Expiration = {
  what: 'signingCertificate',
  endsAt: end,
  seenBy: 'saml.certificates',
  said: 0,
};
const seen = (...ends: ObservedExpirations['ends']): ObservedExpirations => ({ ends, sawNone: [] });
const subject = (...expirations: Expiration[]): WatchedSubject => ({
  key: 'kiro https://example.okta.com (0oa1)',
  name: 'Work',
  isConnection: true,
  expirations,
});
const stages = (subjects: readonly WatchedSubject[], now: number) =>
  takeReminders(subjects, now).due.map(({ stage }) => stage);

describe('expirationsIn', () => {
  const checks = checksOf.identityCenter;
  const endsOf = (results: Readonly<Record<string, CheckResult>>) =>
    expirationsIn(
      checks,
      ({ id }) => results[id],
      ({ id }) =>
        id === 'saml.certificates' ? 'https://example-admin.okta.com/admin/apps/active' : undefined,
    );

  test('every kind of expiry is found by a check, and identified by its evidence', () => {
    const all = Object.values(checksOf).flat();
    expect(new Set(all.flatMap(({ expires }) => (expires === undefined ? [] : [expires.what])))).toEqual(
      new Set(expiring),
    );
    for (const { expires, texts } of all)
      for (const at of [expires?.at ?? []].flat())
        expect(texts({ t: (text) => text }).evidence).toHaveProperty(at);
  });

  test('reminded of the end of a certificate whose successor is in the metadata', () => {
    const [certificateEndsAt, lastCertificateEndsAt] = [end, end + 300 * day];
    const found = endsOf({ 'saml.certificates': pass({ certificateEndsAt, lastCertificateEndsAt }) });
    expect(found.ends.map(({ endsAt }) => endsAt)).toEqual([lastCertificateEndsAt]);
  });

  test('takes the times in the results, including warnings, and the page for the renewal', () => {
    expect(
      endsOf({
        'saml.certificates': warn('certificateEndsSoon', { certificateEndsAt: end }),
        'awsApi.scimToken': pass({ tokenEndsAt: end + day }),
      }),
    ).toEqual({
      ends: [
        {
          what: 'signingCertificate',
          endsAt: end,
          seenBy: 'saml.certificates',
          page: 'https://example-admin.okta.com/admin/apps/active',
        },
        { what: 'scimToken', endsAt: end + day, seenBy: 'awsApi.scimToken' },
      ],
      sawNone: [],
    });
  });

  test('ignores a time that a date cannot represent', () => {
    const { ends } = endsOf({ 'awsApi.scimToken': pass({ tokenEndsAt: 1e20 }) });
    expect(ends).toEqual([]);
  });

  test('takes the earlier of two', () => {
    expect(
      endsOf({
        'scim.token': pass({ tokenEndsAt: end }),
        'awsApi.scimToken': pass({ tokenEndsAt: end - 2 * day }),
        'saml.certificates': pass({ certificateEndsAt: end - day }),
        'oktaApi.signingKey': pass({ keyEndsAt: end }),
      }).ends.map(({ seenBy }) => seenBy),
    ).toEqual(['saml.certificates', 'awsApi.scimToken']);
  });

  test('a check that was not verified proves neither an expiry nor its absence', () => {
    expect(endsOf({ 'scim.token': inconclusive('notGiven'), 'saml.metadata': pass() })).toEqual({
      ends: [],
      sawNone: ['saml.metadata'],
    });
  });
});

describe('expirationsAfterRun', () => {
  test('does not repeat what the run itself has shown', () => {
    const at = end - 20 * day;
    const [known = token] = expirationsAfterRun([], seen(token), at);
    expect(known).toEqual({ ...token, said: 2 });
    expect(stages([subject(known)], end - 8 * day)).toEqual([]);
    expect(stages([subject(known)], end - 7 * day)).toEqual([3]);
  });

  test('starts over after a renewal, even if the user muted the old one', () => {
    const before: Expiration = { ...token, said: 3, isMuted: true };
    expect(expirationsAfterRun([before], seen({ ...token, endsAt: end + 365 * day }), end)).toEqual([
      { ...token, endsAt: end + 365 * day },
    ]);
  });

  test('treats the same expiry, seen by another check seconds apart, as one', () => {
    const before: Expiration = { ...token, said: 2, isMuted: true };
    const again = { ...token, endsAt: end + 5000, seenBy: 'awsApi.scimToken' };
    expect(expirationsAfterRun([before], seen(again), end - 100 * day)).toEqual([
      { ...again, said: 2, isMuted: true },
    ]);
  });

  test('keeps one that the run could not check, and drops one that is gone', () => {
    const before = [token, certificate];
    expect(expirationsAfterRun(before, { ends: [], sawNone: [] }, january)).toEqual(before);
    expect(expirationsAfterRun(before, { ends: [], sawNone: ['scim.token'] }, january)).toEqual([
      certificate,
    ]);
  });

  test('does not keep one that has already passed, which the run has reported', () => {
    expect(expirationsAfterRun([token], seen({ ...token, endsAt: january }), january)).toEqual([]);
  });
});

describe('takeReminders', () => {
  test('reminds 90, 30 and 7 days before and once at expiry', () => {
    let subjects: readonly WatchedSubject[] = [subject(token)];
    const said: [number, number][] = [];
    for (let daysLeft = 120; daysLeft >= -10; daysLeft -= 0.5) {
      const { due, after } = takeReminders(subjects, end - daysLeft * day);
      for (const { stage } of due) said.push([daysLeft, stage]);
      subjects = after;
    }
    expect(said).toEqual([
      [90, 1],
      [30, 2],
      [7, 3],
      [0, 4],
    ]);
    expect(subjects).toEqual([subject()]);
  });

  test('shows only the last reminder that a closed window missed', () => {
    expect(stages([subject(token)], end - 3 * day)).toEqual([3]);
    expect(stages([subject(token)], end + 30 * day)).toEqual([4]);
  });

  test('shows nothing again after the clock was set back', () => {
    const { after } = takeReminders([subject(token)], end - 3 * day);
    expect(stages(after, end - 60 * day)).toEqual([]);
  });

  test('shows nothing that the user muted, until it is renewed', () => {
    const [reminder] = takeReminders([subject(token)], end - 80 * day).due;
    if (reminder === undefined) throw new Error('One is due.');
    const quiet = withRemindersOff([subject(token, certificate)], reminder);
    expect(takeReminders(quiet, end).due.map(({ expiration }) => expiration.what)).toEqual([
      'signingCertificate',
    ]);
  });
});

describe('withRegistrations', () => {
  const registration: Expiration = {
    what: 'registration',
    endsAt: end,
    seenBy: 'identityCenter.signIn',
    said: 2,
  };
  const at = end - 7 * day;

  test('one renewed by a sign-in has no reminder', () => {
    const [renewed] = withRegistrations([subject(registration)], () => end + 80 * day, at);
    expect(renewed).toEqual(subject({ ...registration, endsAt: end + 80 * day, said: 1 }));
  });

  test('is removed after a sign-out', () => {
    expect(withRegistrations([subject(registration, token)], () => undefined, at)).toEqual([subject(token)]);
  });

  test('keeps an unchanged one', () => {
    const before = [subject(registration), subject(token)];
    expect(withRegistrations(before, () => end, at)).toEqual(before);
  });
});

describe('writeSubjects: the stored text', () => {
  test('includes the time of the next reminder, so that nothing else must be read', () => {
    const other = { ...certificate, endsAt: end - 10 * day, said: 3, isMuted: true } as const;
    const text = writeSubjects([subject({ ...token, said: 1 }, other)]);
    expect(JSON.parse(text)).toMatchObject({ nextAt: end - 30 * day });
    expect(readSubjects(text)).toEqual([subject({ ...token, said: 1 }, other)]);
  });

  test('keeps no subject without an expiry, and no more than fifty', () => {
    const many = Array.from({ length: 60 }, (_, index) => ({ ...subject(token), key: `kiro ${index}` }));
    let all: readonly WatchedSubject[] = [];
    for (const one of many) all = withSubject(all, one);
    expect(all.map(({ key }) => key)).toEqual(many.slice(10).map(({ key }) => key));
    expect(readSubjects(writeSubjects([subject(), ...all.slice(0, 1)]))).toEqual(all.slice(0, 1));
  });

  test.each([
    '',
    'null',
    '{"version":2,"nextAt":0,"subjects":[]}',
    writeSubjects([subject(token)]).replace('"scimToken"', '"password"'),
    writeSubjects([subject({ ...token, page: 'https://a' })]).replace('https://a', 'command:a'),
  ])('is ignored if it is not ours: %s', (text) => {
    expect(readSubjects(text)).toEqual([]);
  });
});

test('stageAt counts the reminders up to a given time', () => {
  expect([91, 90, 31, 30, 7, 1, 0, -1].map((left) => stageAt(end, end - left * day))).toEqual([
    0, 1, 1, 2, 3, 3, 4, 4,
  ]);
});
