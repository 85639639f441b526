import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Connection } from '../../../../src/core/connection/connection.ts';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import type { InteractionRequest, UserInteraction } from '../../../../src/core/oauth/userInteraction.ts';
import { builderIdConnection } from '../../../../src/shell/providers/builderId.ts';
import { identityCenterConnection, oktaConnection } from '../../fakes/examples.ts';
import { screen } from '../../fakes/screen.ts';
import { settle, settleUntil } from '../../fakes/settle.ts';
import { sessionOf, shellWorld } from '../../fakes/shellWorld.ts';
import type { SignInDoes } from '../../fakes/shellWorld.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeOnScreen.ts'));

const turn: InteractionRequest = {
  connectionName: 'Example',
  url: 'https://example.okta.com/oauth2/aus1/v1/authorize',
  redirectUri: 'http://localhost:8008/oauth/callback',
  expiresAt: Date.UTC(2100, 0, 1),
  alternatives: [],
  loopbackSupport: 'works',
};

beforeEach(() => screen.clear());

/** Sign-ins that last until the test ends them, by connection name, the latest for a name last. */
function lasting() {
  const ends: {
    readonly name: string;
    readonly end: PromiseWithResolvers<void>;
    readonly person: UserInteraction;
  }[] = [];
  const signIn: SignInDoes = async (connection, _request, person, signal) => {
    const end = Promise.withResolvers<void>();
    ends.push({ name: connection.name, end, person });
    signal.addEventListener('abort', () => end.reject(signal.reason as Error), { once: true });
    person.prompt(turn, signal).catch(() => undefined);
    await end.promise;
    return sessionOf(connection);
  };
  const end = (name: string, error?: Error): void => {
    const last = ends.findLast((one) => one.name === name)?.end;
    if (error === undefined) last?.resolve();
    else last?.reject(error);
  };
  return { signIn, end, ends };
}

async function world() {
  const { signIn, end, ends } = lasting();
  const all = await shellWorld({ signIn });
  const begin = async (...args: Parameters<typeof all.signIns.run>) => {
    const count = ends.length;
    const running = all.signIns.run(...args);
    running.catch(() => undefined);
    await settleUntil(() => ends.length > count);
    await settle();
    return running;
  };
  // A nested promise would wait for the sign-in itself.
  return {
    ...all,
    end,
    begin: (...args: Parameters<typeof all.signIns.run>) => ({ running: begin(...args) }),
    ends,
  };
}

const named = (connection: Connection, name: string): Connection => ({ ...connection, name });
const work = named(identityCenterConnection, 'Work');
const other = named(oktaConnection, 'Other');

describe('SignIns: 6: two concurrent sign-ins', () => {
  test('are both listed, newest first, and each can be shown and canceled', async () => {
    const { signIns, begin, ends } = await world();
    const first = begin(work).running;
    await settleUntil(() => ends.length === 1);
    const second = begin(other).running;
    await settleUntil(() => ends.length === 2);
    expect(signIns.all.map(({ connection }) => connection.name)).toEqual(['Other', 'Work']);
    signIns.all[1]?.show();
    expect(screen.pick.title).toMatch(/^Sign In with IAM Identity Center: Work/);
    signIns.all[1]?.cancel();
    expect(await rejectionOf(first)).toMatchObject({ kind: 'cancelled' });
    expect(signIns.all.map(({ connection }) => connection.name)).toEqual(['Other']);
    signIns.all[0]?.cancel();
    expect(await rejectionOf(second)).toMatchObject({ kind: 'cancelled' });
    expect(signIns.isActive).toBe(false);
  });

  test('the second starts without canceling the first', async () => {
    const { signIns, begin, end, ends } = await world();
    const first = begin(work).running;
    await settleUntil(() => ends.length === 1);
    void begin(other).running.catch(() => undefined);
    await settleUntil(() => ends.length === 2);
    end('Work');
    expect((await first).connection.name).toBe('Work');
    expect(signIns.all).toHaveLength(1);
    signIns.all[0]?.cancel();
  });
});

describe('SignIns: 04.22: for the same connection', () => {
  test.each([
    ['a user', 'user', 'a user', 'user', true],
    ['a user', 'user', 'a request', 'request', true],
    ['a request', 'request', 'a request', 'request', true],
    ['a request', 'request', 'a user', 'user', false],
  ] as const)(
    'a sign-in of %s (%s) after one of %s (%s): the earlier one is ended: %s',
    async (_a, later, _b, sooner, ended) => {
      const { signIns, begin, ends } = await world();
      let isEnded = false;
      begin(work, {}, { startedBy: sooner }).running.catch(() => {
        isEnded = true;
      });
      await settleUntil(() => ends.length === 1);
      begin(work, { scopes: ['okta.users.manage'] }, { startedBy: later }).running.catch(() => undefined);
      await settleUntil(() => ends.length === 2);
      await settle();
      expect(isEnded).toBe(ended);
      expect(signIns.all).toHaveLength(ended ? 1 : 2);
      expect(screen.pick.labels).toContain('This sign-in also requests: okta.users.manage');
      for (const { cancel } of signIns.all) cancel();
    },
  );
});

describe('SignIns: 5: a sign-in that the user has left', () => {
  const timeout = new SignInError('codeExpired', { operation: 'authorize' });

  test('ends with a silent reason', async () => {
    const { begin, end, ends } = await world();
    const { running } = begin(other);
    await settleUntil(() => ends.length === 1);
    await settle();
    screen.pick.escape();
    end('Other', timeout);
    expect(await rejectionOf(running)).toMatchObject({
      kind: 'codeExpired',
      details: { reason: 'abandoned' },
    });
  });

  test.each([
    ['the person looks at it', false, timeout],
    ['the server refused it', true, new SignInError('policy', { operation: 'authorize' })],
    ['the code was refused', true, new SignInError('codeExpired', { reason: 'codeRefused' })],
  ])('ends like any other if %s', async (_, isHidden, error) => {
    const { begin, end, ends } = await world();
    const { running } = begin(other);
    await settleUntil(() => ends.length === 1);
    await settle();
    if (isHidden) screen.pick.escape();
    end('Other', error);
    expect(await rejectionOf(running)).toBe(error);
  });
});

test('the status bar went on reading a code that had expired: the end of a code is a change, too', async () => {
  const expires = new AbortController();
  const { signIns } = await shellWorld({
    signIn: async (_connection, _request, person, signal) => {
      const over = AbortSignal.any([signal, expires.signal]);
      await person.prompt({ ...turn, userCode: 'ABCD-EFGH' }, over).catch(() => undefined);
      await person.confirmRetry?.(signal);
      throw new SignInError('codeExpired');
    },
  });
  const codes: (string | undefined)[] = [];
  signIns.onDidChange(() => codes.push(signIns.all[0]?.code()));
  const running = signIns.run(work);
  await settleUntil(() => codes.includes('ABCD-EFGH'));
  expires.abort(new SignInError('codeExpired'));
  await settle();
  expect(codes.at(-1)).toBeUndefined();
  expect(screen.pick.placeholder).toBe('This code has expired');
  signIns.all[0]?.cancel();
  expect(await rejectionOf(running)).toMatchObject({ kind: 'cancelled' });
});

test.each([
  [work, {}, 'Sign In with IAM Identity Center: Work'],
  [other, {}, 'Sign In with Okta: Other'],
  [other, { account: 'ana@example.com' }, 'Sign In with Okta: Other, ana@example.com'],
  [builderIdConnection, {}, 'Sign In with AWS Builder ID'],
])('14: the prompt shows where you sign in', async (connection, request, title) => {
  const { signIns, begin, ends } = await world();
  begin(connection, request).running.catch(() => undefined);
  await settleUntil(() => ends.length === 1);
  await settle();
  expect(screen.pick.title).toBe(title);
  signIns.all[0]?.cancel();
});
