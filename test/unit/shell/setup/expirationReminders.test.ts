import { beforeEach, describe, expect, test, vi } from 'vitest';
import { readSubjects, writeSubjects } from '../../../../src/setup/expirations.ts';
import type { Expiration, WatchedSubject } from '../../../../src/setup/expirations.ts';
import { remind, watchExpirations } from '../../../../src/shell/setup/expirationReminders.ts';
import { subjectKeyOf, subjectOf } from '../../../../src/shell/setup/setupSubject.ts';
import {
  day,
  identityCenterConnection,
  identityCenterSession,
  january,
  oktaConnection,
} from '../../fakes/examples.ts';
import { fakeClock } from '../../fakes/fakeClock.ts';
import { jwt } from '../../fakes/jwt.ts';
import { screen } from '../../fakes/screen.ts';
import { settle, settleUntil } from '../../fakes/settle.ts';
import { setupPorts } from '../../fakes/setupPorts.ts';
import { only, setupRun } from '../../fakes/setupRun.ts';
import { shellWorld } from '../../fakes/shellWorld.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeOnScreen.ts'));

beforeEach(() => screen.clear());

const okta = { ...oktaConnection, name: 'Work' };
const center = { ...identityCenterConnection, name: 'Center' };
const { signal } = new AbortController();
const page = 'https://example-admin.okta.com/admin/apps/active';

function subject(key: string, expiration: Partial<Expiration>, name = 'Old Name'): WatchedSubject {
  return {
    key,
    name,
    isConnection: true,
    expirations: [
      {
        what: 'signingCertificate',
        endsAt: january + 10 * day,
        seenBy: 'saml.certificates',
        said: 1,
        ...expiration,
      },
    ],
  };
}

describe('remind', () => {
  async function reminded(subjects: readonly WatchedSubject[], now = january) {
    const world = await shellWorld({ connections: [okta, center], stored: [identityCenterSession] });
    world.expirations.text = writeSubjects(subjects);
    await remind(world.context, now, signal);
    await settle();
    return world;
  }

  test("shows what expires, the connection's current name, when, and who renews it", async () => {
    await reminded([subject(subjectKeyOf(center), { page })]);
    expect(screen.message).toMatchObject({
      severity: 'information',
      message:
        'Signing certificate for Center expires on Jan 11, 2026. Ask your Okta administrator to renew it.',
      buttons: ['Open Console', 'Check SSO Setup', 'Don’t Remind Me Again'],
    });
  });

  test.each([
    [
      'scimToken',
      7,
      'warning',
      'SCIM access token for Work expires on Jan 8, 2026. Ask your AWS administrator to renew it.',
    ],
    [
      'metadata',
      30,
      'information',
      'SAML metadata for Work expires on Jan 31, 2026. Ask your Okta administrator to renew it.',
    ],
    [
      'metadata',
      -1,
      'warning',
      'SAML metadata for Work expired on Dec 31, 2025. Ask your Okta administrator to renew it.',
    ],
    [
      'signingCertificate',
      0,
      'warning',
      'Signing certificate for Work expired on Jan 1, 2026. Ask your Okta administrator to renew it.',
    ],
  ] as const)('reminds of a %s with %s days left', async (what, days, severity, message) => {
    const seenBy = what === 'scimToken' ? 'awsApi.scimToken' : 'saml.metadata';
    await reminded([subject(subjectKeyOf(okta), { what, seenBy, endsAt: january + days * day })]);
    expect(screen.message).toMatchObject({ severity, message });
    expect(screen.message.buttons).toEqual(['Check SSO Setup', 'Don’t Remind Me Again']);
  });

  test('opens the console, or the check of that connection', async () => {
    const { opened } = await reminded([subject(subjectKeyOf(okta), { page })]);
    screen.message.press(/Open Console/);
    await settle();
    expect(opened).toEqual([page]);
    await reminded([subject(subjectKeyOf(okta), { page })]);
    screen.message.press(/Check SSO Setup/);
    await settle();
    expect(screen.executed).toEqual([['developerSignIn.checkSetup', { connection: 'Work' }]]);
  });

  test('does not show it again after the user mutes it', async () => {
    const { context, expirations } = await reminded([subject(subjectKeyOf(okta), {})]);
    screen.message.press(/Don’t Remind/);
    await settleUntil(() => expirations.text?.includes('isMuted') === true);
    await remind(context, january + 9 * day, signal);
    await remind(context, january + 11 * day, signal);
    expect(screen.allMessages).toHaveLength(1);
    expect(readSubjects(expirations.text)).toEqual([]);
  });

  test('is shown in one of two windows', async () => {
    const { context, expirations } = await shellWorld({ connections: [okta] });
    expirations.text = writeSubjects([subject(subjectKeyOf(okta), {})]);
    await Promise.all([remind(context, january, signal), remind(context, january, signal)]);
    expect(screen.allMessages).toHaveLength(1);
  });

  test('drops a removed connection, and keeps what was checked without a connection', async () => {
    const gone = subject('kiro https://gone.okta.com (0oa1)', {});
    const typed = {
      ...subject('kiro https://typed.okta.com (0oa1)', {}, 'https://typed.okta.com (0oa1)'),
      isConnection: false,
    };
    const { expirations } = await reminded([gone, typed]);
    expect(screen.allMessages.map(({ message }) => message)).toEqual([
      expect.stringContaining('for https://typed.okta.com (0oa1) expires on'),
    ]);
    expect(readSubjects(expirations.text).map(({ key }) => key)).toEqual([typed.key]);
    screen.message.press(/Check SSO Setup/);
    await settle();
    expect(screen.executed).toEqual([['developerSignIn.checkSetup']]);
  });

  test('does not remind of a client registration that a later sign-in renewed', async () => {
    const ofCenter = (endsAt: number) =>
      subject(subjectKeyOf(center), {
        what: 'registration',
        seenBy: 'identityCenter.signIn',
        endsAt,
        said: 1,
      });
    const { expirations } = await reminded([ofCenter(january + 7 * day)]);
    expect(screen.allMessages).toEqual([]);
    expect(readSubjects(expirations.text)[0]?.expirations).toMatchObject([{ endsAt: january + 90 * day }]);
    await reminded([ofCenter(january + 90 * day)], january + 83 * day);
    expect(screen.message).toMatchObject({
      severity: 'warning',
      message: 'Client registration for Center expires on Apr 1, 2026. Sign in again.',
      buttons: ['Check SSO Setup', 'Don’t Remind Me Again'],
    });
  });

  test("a connection's name creates no markup", async () => {
    const name = 'https://typed.okta.com $(error) [x](command:y)';
    await reminded([{ ...subject('kiro a', {}, name), isConnection: false }]);
    expect(screen.message.message).not.toContain('](command:y)');
  });
});

describe('watchExpirations', () => {
  const scimEndpoint = 'https://scim.us-east-1.amazonaws.com/1/scim/v2';
  const tokenFor = (endsAt: number) => jwt({ exp: endsAt / 1000, jti: 'a-secret-of-scim' });

  async function checked(world: Awaited<ReturnType<typeof shellWorld>>, scimToken: string | undefined) {
    const { clock } = world;
    const ports = setupPorts({ clock, http: async () => Response.json({ Resources: [] }) });
    using run = setupRun({ subject: subjectOf(okta), inputs: { scimEndpoint, oktaClient: okta }, ports });
    await run.run(only('scim.endpoint', 'scim.token'), {
      testSignIn: 'no',
      ...(scimToken === undefined ? {} : { scimToken }),
    });
    await watchExpirations(world.context, run, signal);
  }

  test('stores dates and names but no secret, and reminds of the token before it expires', async () => {
    const world = await shellWorld({ connections: [okta] });
    await checked(world, tokenFor(january + 100 * day));
    const { expirations, context } = world;
    expect(expirations.text).not.toContain('secret');
    expect(JSON.parse(expirations.text ?? '')).toEqual({
      version: 1,
      nextAt: january + 10 * day,
      subjects: [
        {
          key: subjectKeyOf(okta),
          name: 'Work',
          isConnection: true,
          expirations: [{ what: 'scimToken', endsAt: january + 100 * day, seenBy: 'scim.token', said: 0 }],
        },
      ],
    });
    await remind(context, january + 10 * day, signal);
    expect(screen.message.message).toMatch(/^SCIM access token for Work expires on Apr 11, 2026\./);
  });

  test('a renewed token starts over; one that a run cannot check stays; one without expiry is dropped', async () => {
    const world = await shellWorld({ connections: [okta] });
    const ends = () => readSubjects(world.expirations.text).flatMap(({ expirations }) => expirations);
    await checked(world, tokenFor(january + 20 * day));
    expect(ends()).toMatchObject([{ endsAt: january + 20 * day, said: 2 }]);
    await checked(world, undefined);
    expect(ends()).toMatchObject([{ endsAt: january + 20 * day, said: 2 }]);
    await checked(world, tokenFor(january + 365 * day));
    expect(ends()).toMatchObject([{ endsAt: january + 365 * day, said: 0 }]);
    await checked(world, 'a-token-that-tells-no-end');
    expect(ends()).toEqual([]);
  });

  test('a reload right after a run reminds of nothing that the run has shown, and later of what is due then', async () => {
    const world = await shellWorld({ connections: [okta] });
    await checked(world, tokenFor(january + 20 * day));
    await remind(world.context, january, signal);
    await remind(world.context, january + 12 * day, signal);
    expect(screen.allMessages).toEqual([]);
    await remind(world.context, january + 13 * day, signal);
    expect(screen.message.message).toMatch(/^SCIM access token for Work expires on Jan 21, 2026\./);
  });

  test('keeps the client registration of a session also without a test sign-in', async () => {
    const world = await shellWorld({ connections: [center], stored: [identityCenterSession] });
    using run = setupRun({
      document: 'identityCenter',
      subject: subjectOf(center),
      inputs: { accessPortal: center },
      ports: setupPorts({ clock: world.clock }),
    });
    await run.run([], { testSignIn: 'no' });
    await watchExpirations(world.context, run, signal);
    expect(readSubjects(world.expirations.text)).toMatchObject([
      { name: 'Center', expirations: [{ what: 'registration', endsAt: january + 90 * day, said: 1 }] },
    ]);
  });

  test('creates no file if nothing expires', async () => {
    const world = await shellWorld({ connections: [okta] });
    const change = vi.spyOn(world.expirations, 'change');
    await checked(world, 'a-token-that-tells-no-end');
    expect(change).not.toHaveBeenCalled();
  });

  test('recognizes a run that never finished', async () => {
    const world = await shellWorld({ connections: [okta] });
    using run = setupRun({ ports: setupPorts({ clock: fakeClock() }) });
    await watchExpirations(world.context, run, signal);
    expect(world.expirations.text).toBeUndefined();
  });
});
