import { describe, expect, test, vi } from 'vitest';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import type { Check, CheckId } from '../../../../src/setup/checks/index.ts';
import { fail, inconclusive, pass, warn } from '../../../../src/setup/checkResult.ts';
import type { CheckResult } from '../../../../src/setup/checkResult.ts';
import { runChecks } from '../../../../src/setup/checks/runChecks.ts';
import type { SetupInputs, SetupPorts, TestSignIn } from '../../../../src/setup/setupPorts.ts';
import { fakeClock } from '../../fakes/fakeClock.ts';
import { settle } from '../../fakes/settle.ts';
import { setupPorts } from '../../fakes/setupPorts.ts';
import { tokenSet } from '../../fakes/examples.ts';

const silent = { started: () => undefined, found: () => undefined };
const never = new AbortController().signal;

const check = (id: CheckId, more: Partial<Check> = {}): Check => ({
  id,
  step: 'kiro.oidcApp',
  owner: 'you',
  needs: [],
  run: async () => pass(),
  texts: () => ({ title: id }),
  ...more,
});

const run = async (
  checks: readonly Check[],
  ports: SetupPorts = setupPorts(),
  inputs: SetupInputs = {},
): Promise<Record<string, CheckResult>> =>
  Object.fromEntries(await runChecks({ checks, inputs, progress: silent }, ports, never));

describe('runChecks: a check', () => {
  test('named the check before it in a chain, and not the one that failed at its root', async () => {
    const results = await run([
      check('okta.metadata', { run: async () => fail('notFound') }),
      check('okta.refreshToken', { after: ['okta.metadata'] }),
      check('okta.clientId', { after: ['okta.refreshToken'] }),
      check('okta.token', { after: ['okta.clientId', 'okta.metadata'] }),
    ]);
    const root = inconclusive('blocked', { blockedBy: ['okta.metadata'], failedBefore: ['okta.metadata'] });
    expect(results).toMatchObject({ 'okta.clientId': root, 'okta.token': root });
  });

  test('does not run without its inputs, and names them', async () => {
    const asked = vi.fn(async () => pass());
    const results = await run(
      [check('scim.token', { needs: ['scimEndpoint', 'scimToken'], run: asked })],
      setupPorts(),
      { scimEndpoint: 'https://scim.eu-west-1.amazonaws.com/1/scim/v2', scimToken: '  ' },
    );
    expect(results['scim.token']).toEqual(inconclusive('notGiven', { missingInput: ['scimToken'] }));
    expect(asked).not.toHaveBeenCalled();
  });

  test('that needs the user does not run without a sign-in', async () => {
    const results = await run([check('okta.signIn', { needs: ['testSignIn'], waitsForPerson: true })]);
    expect(results['okta.signIn']).toEqual(inconclusive('notGiven', { missingInput: ['testSignIn'] }));
  });

  test('F12: gets the names of a user and a group without characters that a copy adds', async () => {
    let given: SetupInputs = {};
    const look = check('scim.person', {
      run: async ({ inputs }) => {
        given = inputs;
        return pass();
      },
    });
    await run([look], setupPorts(), {
      userName: '\u200b<ana@example.com>\u00a0',
      groupName: '\ufeffDevelopers (EU)\u200b ',
    });
    expect(given).toEqual({ userName: 'ana@example.com', groupName: 'Developers (EU)' });
  });

  test.each([
    'mailto:ana@example.com',
    'MAILTO:ana@example.com?subject=Access',
    'Ana Müller <ana@example.com>',
    '"Müller, Ana" <ana@example.com>;',
    '<mailto:ana@example.com|ana@example.com>',
    '[ana@example.com](mailto:ana@example.com)',
    'Ana <mailto:ana@example.com>',
  ])('an email address was looked up with what a copy adds: %s', async (userName) => {
    let given: SetupInputs = {};
    const look = check('scim.person', {
      run: async ({ inputs }) => {
        given = inputs;
        return pass();
      },
    });
    await run([look], setupPorts(), { userName });
    expect(given.userName).toBe('ana@example.com');
  });

  test('without code is a checklist line', async () => {
    const { run: _run, ...manual } = check('manual.profile');
    expect((await run([manual]))['manual.profile']).toEqual(inconclusive('byEye'));
  });

  test.each<[string, CheckResult, CheckResult]>([
    [
      'a wrong one',
      fail('clientUnknown'),
      inconclusive('blocked', { blockedBy: ['okta.clientId'], failedBefore: ['okta.clientId'] }),
    ],
    [
      'one that is not known',
      inconclusive('couldNotAsk'),
      inconclusive('blocked', { blockedBy: ['okta.clientId'] }),
    ],
    ['one of an unknown form', inconclusive('unknownForm'), pass()],
    ['a right one', pass(), pass()],
    ['a right one with a warning', warn('certificateEndsSoon'), pass()],
  ])('after %s', async (_, before, after) => {
    const results = await run([
      check('okta.redirectUris', { after: ['okta.clientId'] }),
      check('okta.clientId', { run: async () => before }),
    ]);
    expect(results['okta.redirectUris']).toEqual(after);
  });

  test.each(['after', 'unlessFailed'])('a wrong setting hid what it leaves as it is: %s', async (depends) => {
    const row = (reason: string) => [
      check('oktaApi.application', { run: async () => fail(reason) }),
      check('oktaApi.policy', {
        [depends]: ['oktaApi.application'],
        despite: { 'oktaApi.application': ['dpopOn'] },
        run: async () => fail('noPolicy'),
      }),
    ];
    expect((await run(row('dpopOn')))['oktaApi.policy']).toEqual(fail('noPolicy'));
    expect((await run(row('notOidc')))['oktaApi.policy']).toMatchObject({ reason: 'blocked' });
  });

  test('that is blocked by its own result says whether the other failed', async () => {
    const results = await run([
      check('okta.clientId', { run: async () => fail('clientUnknown') }),
      check('okta.scopes', {
        after: ['okta.clientId'],
        despite: { 'okta.clientId': ['clientUnknown'] },
        run: async () => inconclusive('blocked', { blockedBy: ['okta.clientId'] }),
      }),
    ]);
    expect(results['okta.scopes']).toEqual(
      inconclusive('blocked', { blockedBy: ['okta.clientId'], failedBefore: ['okta.clientId'] }),
    );
  });

  test('that waits for another did not end if that one waits for it', async () => {
    const blockedBy = (id: string) => async () => inconclusive('blocked', { blockedBy: [id] });
    const results = await run([
      check('okta.clientId', { run: blockedBy('okta.scopes') }),
      check('okta.scopes', { run: blockedBy('okta.rule') }),
      check('okta.rule', { after: ['okta.clientId'] }),
      check('okta.token', { run: blockedBy('okta.token') }),
    ]);
    expect(Object.values(results).map((result) => result.reason)).toEqual(Array(4).fill('blocked'));
  });

  test('named its cause before that had finished, and not the root of it', async () => {
    const results = await run([
      check('saml.responseName', {
        run: async () => inconclusive('blocked', { blockedBy: ['scim.read'] }),
      }),
      check('scim.token', {
        run: async () => {
          await settle();
          return fail('tokenRefused');
        },
      }),
      check('scim.read', { after: ['scim.token'] }),
    ]);
    expect(results['saml.responseName']).toMatchObject(
      inconclusive('blocked', { blockedBy: ['scim.token'], failedBefore: ['scim.token'] }),
    );
  });

  test('showed nothing of its own mistake while an earlier check had not passed', async () => {
    const asked = vi.fn(async () => pass());
    const earlier = check('oidc.metadata', { run: async () => fail('noMetadata') });
    const late = (beforehand: Check['beforehand']) =>
      run([
        earlier,
        check('oidc.idToken', { after: ['oidc.metadata'], run: asked, ...(beforehand && { beforehand }) }),
      ]);
    expect((await late(async () => warn('openidNotAsked')))['oidc.idToken']).toEqual(warn('openidNotAsked'));
    const blocked = { state: 'inconclusive', reason: 'blocked' };
    expect((await late(async () => undefined))['oidc.idToken']).toMatchObject(blocked);
    const failing = async () => Promise.reject(new SignInError('network'));
    expect((await late(failing))['oidc.idToken']).toMatchObject(blocked);
    expect(asked).not.toHaveBeenCalled();
  });

  test('says what it cannot verify without others that are not run now', async () => {
    const results = await run([check('okta.redirectUris', { after: ['okta.clientId'] })]);
    expect(results['okta.redirectUris']).toEqual(pass());
  });

  test('that throws is inconclusive, with its error', async () => {
    const error = new SignInError('network', { host: 'example.okta.com' });
    const results = await run([
      check('okta.metadata', { run: async () => Promise.reject(error) }),
      check('okta.rule', { run: async () => Promise.reject(new TypeError('broken')) }),
    ]);
    expect(results['okta.metadata']).toEqual(inconclusive('couldNotAsk', {}, error));
    expect(results['okta.rule']).toEqual(inconclusive('unclearAnswer'));
  });

  test('times out', async () => {
    const clock = fakeClock();
    const hanging = check('okta.metadata', { run: async () => new Promise<CheckResult>(() => undefined) });
    const running = run([hanging, check('okta.rule')], setupPorts({ clock }));
    await clock.advance(14_000);
    let results: unknown;
    void running.then((found) => (results = found));
    await settle();
    expect(results).toBeUndefined();
    await clock.advance(1000);
    expect((await running)['okta.metadata']).toEqual(inconclusive('tookTooLong'));
    expect(clock.sleeping).toBe(0);
  });
});

describe('runChecks: many checks', () => {
  const ids = [
    'metadata',
    'announced',
    'clientId',
    'redirectUris',
    'loopbackPorts',
    'scopes',
    'rule',
    'token',
  ];

  test('run concurrently, six at a time', async () => {
    let now = 0;
    let most = 0;
    const gate = Promise.withResolvers<void>();
    const checks = ids.map((name) =>
      check(`okta.${name}` as CheckId, {
        run: async () => {
          most = Math.max(most, ++now);
          await gate.promise;
          now--;
          return pass();
        },
      }),
    );
    const running = run(checks);
    await settle();
    expect(most).toBe(6);
    gate.resolve();
    expect(Object.keys(await running)).toHaveLength(ids.length);
    expect(most).toBe(6);
  });

  test('that all hang finish in less than a minute', async () => {
    const clock = fakeClock();
    const began = clock.now();
    const checks = Array.from({ length: 30 }, (_, index) =>
      check(`okta.${index}` as CheckId, { run: async () => new Promise<CheckResult>(() => undefined) }),
    );
    let ended = 0;
    const running = run(checks, setupPorts({ clock })).then((results) => {
      ended = clock.now();
      return results;
    });
    await clock.advance(120_000);
    expect(Object.values(await running)).toEqual(checks.map(() => inconclusive('tookTooLong')));
    expect(ended - began).toBeLessThanOrEqual(60_000);
  });

  test('wait for the user without delaying others', async () => {
    const person = Promise.withResolvers<CheckResult>();
    const found: CheckId[] = [];
    const running = runChecks(
      {
        checks: [
          check('okta.signIn', { waitsForPerson: true, run: async () => person.promise }),
          check('okta.token', { after: ['okta.signIn'] }),
          ...ids.slice(0, 7).map((name) => check(`okta.${name}` as CheckId)),
        ],
        inputs: {},
        progress: { ...silent, found: (id) => found.push(id) },
      },
      setupPorts(),
      never,
    );
    await settle();
    expect(found).toHaveLength(7);
    person.resolve(pass());
    await running;
    expect(found.slice(-2)).toEqual(['okta.signIn', 'okta.token']);
  });

  test('end at once when the user cancels, and pending work is notified', async () => {
    const cancelled = new AbortController();
    const seen: AbortSignal[] = [];
    const hanging = (id: CheckId) =>
      check(id, {
        run: async ({ signal }) => {
          seen.push(signal);
          return new Promise<CheckResult>(() => undefined);
        },
      });
    const running = runChecks(
      { checks: [hanging('okta.metadata'), hanging('okta.rule')], inputs: {}, progress: silent },
      setupPorts(),
      cancelled.signal,
    );
    await settle();
    cancelled.abort(new SignInError('cancelled'));
    await expect(running).rejects.toMatchObject({ name: 'SignInError', kind: 'cancelled' });
    expect(seen.map(({ aborted }) => aborted)).toEqual([true, true]);
  });
});

describe('runChecks: a test sign-in', () => {
  const signIn = check('okta.signIn', {
    waitsForPerson: true,
    run: async ({ lookups }) => pass({ account: (await lookups.testSignIn()).accountLabel }),
  });
  const done: string[] = [];
  const ending: TestSignIn = {
    accountLabel: 'ana@example.com',
    tokenSet,
    validTokens: async () => tokenSet,
    renew: async () => tokenSet,
    end: async () => {
      done.push('signed out');
      throw new SignInError('network');
    },
  };

  test("is signed out after the last check, whatever the server's response", async () => {
    done.length = 0;
    const later = check('okta.token', {
      after: ['okta.signIn'],
      run: async () => {
        await settle();
        done.push('used');
        return pass();
      },
    });
    const found = await run([signIn, later], setupPorts({ signIn: async () => ending }));
    expect(found).toMatchObject({ 'okta.signIn': { state: 'pass' }, 'okta.token': { state: 'pass' } });
    expect(done).toEqual(['used', 'signed out']);
  });

  test('that completes after the run was canceled is signed out at once', async () => {
    done.length = 0;
    const { promise, resolve } = Promise.withResolvers<TestSignIn>();
    const cancelled = new AbortController();
    const checks = [
      signIn,
      check('okta.token', {
        run: async ({ signal }) =>
          new Promise((_, reject) =>
            signal.addEventListener('abort', () => reject(new SignInError('cancelled'))),
          ),
      }),
    ];
    const running = runChecks(
      { checks, inputs: {}, progress: silent },
      setupPorts({ signIn: async () => promise }),
      cancelled.signal,
    ).catch(() => undefined);
    await settle();
    cancelled.abort(new SignInError('cancelled'));
    await running;
    expect(done).toEqual([]);
    resolve(ending);
    await settle();
    expect(done).toEqual(['signed out']);
  });
});
