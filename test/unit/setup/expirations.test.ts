import { describe, expect, test } from 'vitest';
import { inconclusive, pass, warn } from '../../../src/setup/checkResult.ts';
import type { CheckResult } from '../../../src/setup/checkResult.ts';
import { checksOf } from '../../../src/setup/checks/index.ts';
import {
  afterRun,
  endsIn,
  expiring,
  muted,
  readSubjects,
  stageAt,
  takeReminders,
  withRegistrations,
  withSubject,
  writeSubjects,
} from '../../../src/setup/expirations.ts';
import type { Expiration, SeenEnds, WatchedSubject } from '../../../src/setup/expirations.ts';
import { day, january } from '../fakes/examples.ts';

const end = january + 200 * day;
const token: Expiration = { what: 'scimToken', endsAt: end, seenBy: 'scim.token', said: 0 };
const certificate: Expiration = {
  what: 'signingCertificate',
  endsAt: end,
  seenBy: 'saml.certificates',
  said: 0,
};
const seen = (...ends: SeenEnds['ends']): SeenEnds => ({ ends, sawNone: [] });
const subject = (...expirations: Expiration[]): WatchedSubject => ({
  key: 'kiro https://example.okta.com (0oa1)',
  name: 'Work',
  isConnection: true,
  expirations,
});
const stages = (subjects: readonly WatchedSubject[], now: number) =>
  takeReminders(subjects, now).due.map(({ stage }) => stage);

describe('endsIn', () => {
  const checks = checksOf.identityCenter;
  const endsOf = (findings: Readonly<Record<string, CheckResult>>) =>
    endsIn(
      checks,
      ({ id }) => findings[id],
      ({ id }) =>
        id === 'saml.certificates' ? 'https://example-admin.okta.com/admin/apps/active' : undefined,
    );

  test('every kind of end is seen by a check, and named by its evidence', () => {
    const all = Object.values(checksOf).flat();
    expect(new Set(all.flatMap(({ expires }) => (expires === undefined ? [] : [expires.what])))).toEqual(
      new Set(expiring),
    );
    for (const { expires, texts } of all)
      if (expires !== undefined) expect(texts({ t: (text) => text }).evidence).toHaveProperty(expires.at);
  });

  test('takes the moments of the findings, also of those with a warning, and the page to renew them on', () => {
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

  test('a moment that no date can hold is left out', () => {
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

  test('a check that was not verified has seen neither an end nor its absence', () => {
    expect(endsOf({ 'scim.token': inconclusive('notGiven'), 'saml.metadata': pass() })).toEqual({
      ends: [],
      sawNone: ['saml.metadata'],
    });
  });
});

describe('afterRun', () => {
  test('what the run itself has shown is not said once more', () => {
    const at = end - 20 * day;
    const [known = token] = afterRun([], seen(token), at);
    expect(known).toEqual({ ...token, said: 2 });
    expect(stages([subject(known)], end - 8 * day)).toEqual([]);
    expect(stages([subject(known)], end - 7 * day)).toEqual([3]);
  });

  test('a renewed one begins anew, also where a person wanted no more of the old one', () => {
    const before: Expiration = { ...token, said: 3, isMuted: true };
    expect(afterRun([before], seen({ ...token, endsAt: end + 365 * day }), end)).toEqual([
      { ...token, endsAt: end + 365 * day },
    ]);
  });

  test('the same end, seen by another check some seconds away, is the same', () => {
    const before: Expiration = { ...token, said: 2, isMuted: true };
    const again = { ...token, endsAt: end + 5000, seenBy: 'awsApi.scimToken' };
    expect(afterRun([before], seen(again), end - 100 * day)).toEqual([{ ...again, said: 2, isMuted: true }]);
  });

  test('one that the run could not look at stays, and one that is gone is dropped', () => {
    const before = [token, certificate];
    expect(afterRun(before, { ends: [], sawNone: [] }, january)).toEqual(before);
    expect(afterRun(before, { ends: [], sawNone: ['scim.token'] }, january)).toEqual([certificate]);
  });

  test('one that is over already, as the run has said, is not kept', () => {
    expect(afterRun([token], seen({ ...token, endsAt: january }), january)).toEqual([]);
  });
});

describe('takeReminders', () => {
  test('reminds 90, 30 and 7 days ahead and once at the end, each once', () => {
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

  test('says only the last of what a window that was closed has missed', () => {
    expect(stages([subject(token)], end - 3 * day)).toEqual([3]);
    expect(stages([subject(token)], end + 30 * day)).toEqual([4]);
  });

  test('a clock that was set back says nothing again', () => {
    const { after } = takeReminders([subject(token)], end - 3 * day);
    expect(stages(after, end - 60 * day)).toEqual([]);
  });

  test('says nothing of what a person wants no more reminders of, until it is renewed', () => {
    const [reminder] = takeReminders([subject(token)], end - 80 * day).due;
    if (reminder === undefined) throw new Error('One is due.');
    const quiet = muted([subject(token, certificate)], reminder);
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

  test('one that a sign-in has renewed is not reminded of', () => {
    const [renewed] = withRegistrations([subject(registration)], () => end + 80 * day, at);
    expect(renewed).toEqual(subject({ ...registration, endsAt: end + 80 * day, said: 1 }));
  });

  test('after a sign-out it is gone', () => {
    expect(withRegistrations([subject(registration, token)], () => undefined, at)).toEqual([subject(token)]);
  });

  test('one that is as it was stays', () => {
    const before = [subject(registration), subject(token)];
    expect(withRegistrations(before, () => end, at)).toEqual(before);
  });
});

describe('writeSubjects: the stored text', () => {
  test('says when the next reminder is due, so that nothing else has to be read', () => {
    const other = { ...certificate, endsAt: end - 10 * day, said: 3, isMuted: true } as const;
    const text = writeSubjects([subject({ ...token, said: 1 }, other)]);
    expect(JSON.parse(text)).toMatchObject({ nextAt: end - 30 * day });
    expect(readSubjects(text)).toEqual([subject({ ...token, said: 1 }, other)]);
  });

  test('keeps no subject without an end, and no more than fifty', () => {
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
  ])('is not believed where it is not ours: %s', (text) => {
    expect(readSubjects(text)).toEqual([]);
  });
});

test('stageAt counts the reminders up to a moment', () => {
  expect([91, 90, 31, 30, 7, 1, 0, -1].map((left) => stageAt(end, end - left * day))).toEqual([
    0, 1, 1, 2, 3, 3, 4, 4,
  ]);
});
