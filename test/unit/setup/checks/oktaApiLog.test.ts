import { describe, expect, test } from 'vitest';
import { oktaApiLogChecks } from '../../../../src/setup/checks/oktaApiLog.ts';
import { day, january } from '../../fakes/examples.ts';
import { foundWith } from '../../fakes/oktaAnswers.ts';

const [check] = oktaApiLogChecks;
const push = (who: string, result: string, hour: number, reason?: string) => ({
  eventType: 'application.provision.user.push',
  published: `2026-01-01T${String(hour).padStart(2, '0')}:00:00.000Z`,
  displayMessage: 'Push user',
  outcome: { result, ...(reason === undefined ? {} : { reason }) },
  target: [
    { type: 'AppInstance', alternateId: 'AWS' },
    { type: 'AppUser', alternateId: who },
  ],
});
const told = async (...events: readonly object[]) => foundWith(check, { '/api/v1/logs': events });
const valueOf = (found: Awaited<ReturnType<typeof told>>, name: string) =>
  found.evidence.find((one) => one.name === name)?.value;

describe('oktaApiLogChecks: oktaApi.log', () => {
  test("requests a week of the application's provisioning, and passes with the time of the last success", async () => {
    const found = await told(push('ana', 'SUCCESS', 1), push('ben', 'SUCCESS', 3));
    expect(found.state).toBe('pass');
    expect(valueOf(found, 'lastEventAt')).toBe(january + 3 * 3600_000);
    const { searchParams } = found.asked.at(-1) ?? new URL('about:blank');
    expect(searchParams.get('filter')).toBe(
      'eventType sw "application.provision" and target.id eq "0oa1saml"',
    );
    expect(Date.parse(searchParams.get('since') ?? '') % day).toBe(january % day);
  });

  test('an event older than a week proves nothing about this week', async () => {
    const old = { ...push('ana', 'SUCCESS', 1), published: '2025-11-01T00:00:00.000Z' };
    expect(await told(old)).toMatchObject({ state: 'inconclusive', reason: 'noEvents' });
    expect(await told(old, push('ben', 'SUCCESS', 2))).toMatchObject({ state: 'pass' });
  });

  test('a failure followed by a success is resolved, in any order of events', async () => {
    const events = [push('ana', 'FAILURE', 1, 'Unauthorized'), push('ana', 'SUCCESS', 2)];
    expect((await told(...events)).state).toBe('pass');
    expect((await told(...events.toReversed())).state).toBe('pass');
  });

  test('a success followed by a failure fails, with Okta’s reason and the user', async () => {
    const found = await told(push('ana', 'SUCCESS', 1), push('ana', 'FAILURE', 2, 'familyName is required'));
    expect(found).toMatchObject({ state: 'fail', reason: 'pushesFail' });
    expect(valueOf(found, 'words')).toBe('familyName is required');
    expect(valueOf(found, 'subjects')).toEqual(['ana']);
  });

  test.each(['SKIPPED', 'DEFERRED', 'UNKNOWN'])(
    'only %s events passed as successful provisioning',
    async (result) => {
      const found = await told(push('ana', result, 1), push('ben', result, 2));
      expect(found).toMatchObject({ state: 'inconclusive', reason: 'noEvents' });
      expect((await told(push('ana', result, 1), push('ben', 'SUCCESS', 2))).state).toBe('pass');
    },
  );

  test("one failing user of several is a warning, with Okta's message without a reason", async () => {
    const found = await told(push('ana', 'SUCCESS', 1), push('ben', 'FAILURE', 2));
    expect(found).toMatchObject({ state: 'warning', reason: 'somePushesFail' });
    expect(valueOf(found, 'words')).toBe('Push user');
  });

  test('a week without events proves nothing, and an unreadable log is reported', async () => {
    expect(await told()).toMatchObject({ state: 'inconclusive', reason: 'noEvents' });
    expect(await foundWith(check, { '/api/v1/logs': 403 })).toMatchObject({ reason: 'apiTokenForbidden' });
    expect(await foundWith(check, { '/api/v1/apps': [] })).toMatchObject({ reason: 'noApplication' });
  });
});
