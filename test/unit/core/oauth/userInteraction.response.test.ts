import { describe, expect, test } from 'vitest';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import {
  awaitAuthorizationResponse,
  isResponseTo,
  redirectPath,
} from '../../../../src/core/oauth/userInteraction.ts';
import type { AlternativeAction, Callback } from '../../../../src/core/oauth/userInteraction.ts';
import { takePasted } from '../../../../src/input/pastedCallback.ts';
import { january } from '../../fakes/examples.ts';
import { fakeClock } from '../../fakes/fakeClock.ts';
import { fakeLoopback } from '../../fakes/fakeLoopback.ts';
import { fakePerson } from '../../fakes/fakePerson.ts';
import { settle } from '../../fakes/settle.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

const redirectUri = 'http://localhost:8008/oauth/callback';
const tenMinutes = 600_000;
const accepts = (parameters: URLSearchParams): boolean => isResponseTo(parameters, 'mine');
type Exchange = (callback: Callback, over: AbortSignal) => Promise<string>;
const code: Exchange = async ({ parameters }) => `token for ${parameters.get('code') ?? 'nothing'}`;

/** A sign-in waiting for the browser, until the test sends a callback, pastes an address, or lets it time out. */
async function away(exchange: Exchange = code) {
  const clock = fakeClock(january);
  const person = fakePerson();
  const loopback = fakeLoopback();
  const asker = new AbortController();
  const listener = await loopback.listen([8008], '/oauth/callback');
  const alternatives: readonly AlternativeAction[] = ['nextPort', 'deviceCode'];
  const turn = {
    connectionName: 'Example',
    url: 'https://example.okta.com/',
    redirectUri,
    alternatives,
    accepts,
  };
  const done = awaitAuthorizationResponse(
    { clock, user: person },
    { listener, interaction: turn, exchange },
    asker.signal,
  );
  done.catch(() => undefined);
  await settle();
  const paste = (text: string) => takePasted(text, person.turns[0] ?? {});
  const nothingLeft = () => {
    expect(clock.sleeping).toBe(0);
    expect(person.open).toBe(0);
  };
  return { clock, person, loopback, asker, done, paste, nothingLeft };
}

describe('awaitAuthorizationResponse: while waiting for the browser', () => {
  test('the user sees the address, the deadline and the alternatives', async () => {
    const { person, asker } = await away();
    expect(person.turns).toMatchObject([
      {
        connectionName: 'Example',
        url: 'https://example.okta.com/',
        redirectUri,
        expiresAt: january + tenMinutes,
        alternatives: ['nextPort', 'deviceCode'],
      },
    ]);
    expect(person.turns[0]).not.toHaveProperty('belongs');
    asker.abort();
  });

  test('a matching callback ends the prompt with the result of its code', async () => {
    const { loopback, done, nothingLeft } = await away();
    expect(loopback.arrive({ code: '1', state: 'mine' })).toBe(true);
    expect(await done).toEqual({ done: 'token for 1' });
    expect(loopback.pages).toEqual(['signedIn']);
    nothingLeft();
  });

  test('the browser gets its page only after the exchange', async () => {
    const server = Promise.withResolvers<string>();
    const { loopback, done } = await away(() => server.promise);
    loopback.arrive({ code: '1', state: 'mine' });
    await settle();
    expect(loopback.pages).toEqual([]);
    server.resolve('token');
    await done;
    expect(loopback.pages).toEqual(['signedIn']);
  });

  test('the port stays bound until the browser has its page', async () => {
    const { clock, person } = { clock: fakeClock(january), person: fakePerson() };
    const delivered = Promise.withResolvers<undefined>();
    const parameters = new URLSearchParams({ code: '1', state: 'mine' });
    const listener = {
      port: 8008,
      callback: async () => ({ parameters, path: redirectPath, respond: () => delivered.promise }),
      [Symbol.asyncDispose]: async () => undefined,
    };
    const turn = {
      connectionName: 'Example',
      url: 'https://example.okta.com/',
      redirectUri,
      alternatives: [],
      accepts,
    };
    let isOver = false;
    const { signal } = new AbortController();
    const done = awaitAuthorizationResponse(
      { clock, user: person },
      { listener, interaction: turn, exchange: code },
      signal,
    );
    void done.then(() => (isOver = true));
    await settle();
    expect(isOver).toBe(false);
    delivered.resolve(undefined);
    expect(await done).toEqual({ done: 'token for 1' });
  });

  test('a failed exchange is the result, and the page says so', async () => {
    const failure = new SignInError('denied');
    const { loopback, done, nothingLeft } = await away(() => Promise.reject(failure));
    loopback.arrive({ error: 'access_denied', state: 'mine' });
    expect(await rejectionOf(done)).toBe(failure);
    expect(loopback.pages).toEqual(['failed']);
    nothingLeft();
  });

  test('the prompt times out after ten minutes without a callback', async () => {
    const { clock, person, done, nothingLeft } = await away();
    await clock.advance(tenMinutes - 1);
    expect(person.open).toBe(1);
    await clock.advance(1);
    expect(await rejectionOf(done)).toMatchObject({
      kind: 'codeExpired',
      details: { operation: 'authorize' },
    });
    nothingLeft();
  });

  test.each<AlternativeAction>(['nextPort', 'deviceCode', 'authorizationCode'])(
    'choosing %s closes the prompt and is returned',
    async (choice) => {
      const { person, done, nothingLeft } = await away();
      person.choose(choice);
      expect(await done).toEqual({ choice });
      nothingLeft();
    },
  );

  test('canceling during the exchange does not wait for the server, and the page says so', async () => {
    const hanging: Exchange = async (_, over) => {
      const { promise, reject } = Promise.withResolvers<string>();
      over.addEventListener('abort', () => reject(over.reason as Error));
      return promise;
    };
    const { person, loopback, done, nothingLeft } = await away(hanging);
    loopback.arrive({ code: '1', state: 'mine' });
    await settle();
    person.giveUp();
    expect(await rejectionOf(done)).toMatchObject({ kind: 'cancelled' });
    expect(loopback.pages).toEqual(['givenUp']);
    nothingLeft();
  });
});

describe('awaitAuthorizationResponse: a pasted address', () => {
  test('is equivalent to a received one', async () => {
    const { paste, done, nothingLeft } = await away();
    expect(paste(`${redirectUri}?code=1&state=mine`)).toBeUndefined();
    expect(await done).toEqual({ done: 'token for 1' });
    nothingLeft();
  });

  test('with an error closes the prompt as a received one does', async () => {
    const { paste, done } = await away(async ({ parameters }) => {
      throw new SignInError('denied', { code: parameters.get('error') ?? '' });
    });
    expect(paste(`${redirectUri}?error=access_denied&state=mine`)).toBeUndefined();
    expect(await rejectionOf(done)).toMatchObject({ kind: 'denied', details: { code: 'access_denied' } });
  });

  test('that is invalid shows an error, and the prompt stays open', async () => {
    const { paste, person, loopback, done } = await away();
    expect(paste('https://evil.example/oauth/callback?code=1&state=mine')).toBe('notCallback');
    expect(paste(`${redirectUri}?code=1&state=another`)).toBe('otherSignIn');
    await settle();
    expect(person.open).toBe(1);
    loopback.arrive({ code: '2', state: 'mine' });
    expect(await done).toEqual({ done: 'token for 2' });
  });

  test('after a received one changes nothing: the code is used once', async () => {
    const used: (string | null)[] = [];
    const server = Promise.withResolvers<string>();
    const { paste, loopback, done } = await away(({ parameters }) => {
      used.push(parameters.get('code'));
      return server.promise;
    });
    loopback.arrive({ code: '1', state: 'mine' });
    await settle();
    paste(`${redirectUri}?code=2&state=mine`);
    await settle();
    server.resolve('token');
    expect(await done).toEqual({ done: 'token' });
    expect(used).toEqual(['1']);
  });
});
