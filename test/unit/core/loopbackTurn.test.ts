import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isAnswerTo, readPasted, whileBrowserIsAway } from '../../../src/core/loopbackTurn.ts';
import { january } from '../fakes/examples.ts';
import { fakeClock } from '../fakes/fakeClock.ts';
import { fakeLoopback } from '../fakes/fakeLoopback.ts';
import { fakePerson } from '../fakes/fakePerson.ts';
import { rejectionOf } from '../fakes/thrownBy.ts';

const ours = (parameters: URLSearchParams): boolean => isAnswerTo(parameters, 'state-1');

describe('an address that a person pastes', () => {
  test.each([
    ['as the browser shows it', 'http://localhost:2128/oauth/callback?code=a&state=state-1'],
    [
      'with spaces and line ends around it',
      '\n  http://localhost:2128/oauth/callback?code=a&state=state-1 \n',
    ],
    ['without its scheme', 'localhost:2128/oauth/callback?code=a&state=state-1'],
    ['with a slash behind the path', 'http://localhost:2128/oauth/callback/?code=a&state=state-1'],
    ['of the other loopback name', 'http://127.0.0.1:2128/oauth/callback?code=a&state=state-1'],
    ['with an error', 'http://localhost:2128/oauth/callback?error=access_denied&state=state-1'],
  ])('is taken %s', (_, text) => {
    expect(readPasted(text, 'http://localhost:2128/oauth/callback', ours)).toBeInstanceOf(URLSearchParams);
  });

  test.each([
    ['nothing', '', 'notCallback'],
    [
      'the page of the identity provider',
      'https://example.okta.com/oauth2/v1/authorize?state=state-1',
      'notCallback',
    ],
    ['another host', 'http://evil.example/oauth/callback?code=a&state=state-1', 'notCallback'],
    ['another port', 'http://localhost:2129/oauth/callback?code=a&state=state-1', 'notCallback'],
    ['https', 'https://localhost:2128/oauth/callback?code=a&state=state-1', 'notCallback'],
    ['another path', 'http://localhost:2128/callback?code=a&state=state-1', 'notCallback'],
    ['no code and no error', 'http://localhost:2128/oauth/callback?state=state-1', 'notCallback'],
    [
      'a fragment in the place of the query',
      'http://localhost:2128/oauth/callback#code=a&state=state-1',
      'notCallback',
    ],
    ['another state', 'http://localhost:2128/oauth/callback?code=a&state=state-2', 'otherSignIn'],
    ['no state', 'http://localhost:2128/oauth/callback?code=a', 'otherSignIn'],
    ['two states', 'http://localhost:2128/oauth/callback?code=a&state=state-1&state=state-1', 'otherSignIn'],
    ['two codes', 'http://localhost:2128/oauth/callback?code=a&code=b&state=state-1', 'otherSignIn'],
  ])('is refused: %s', (_, text, problem) => {
    expect(readPasted(text, 'http://localhost:2128/oauth/callback', ours)).toBe(problem);
  });

  test('never throws, and is taken only with the right state', () => {
    const near = fc
      .array(
        fc.oneof(
          fc.constantFrom('http://', 'localhost', '127.0.0.1', ':2128', '/oauth/callback', '?', '&', '='),
          fc.constantFrom('code', 'state', 'state-1', 'error', '#', '%', '/', ' '),
          fc.string({ unit: 'binary', maxLength: 4 }),
        ),
        { maxLength: 14 },
      )
      .map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(near, (text) => {
        const read = readPasted(text, 'http://localhost:2128/oauth/callback', ours);
        if (typeof read === 'string') return;
        expect(read.getAll('state')).toEqual(['state-1']);
      }),
      { numRuns: 10_000 },
    );
  });
});

describe('while the browser is away', () => {
  const begin = async () => {
    const ports = { clock: fakeClock(january), person: fakePerson() };
    const loopback = fakeLoopback();
    const listener = await loopback.listen([2128], '/oauth/callback');
    const exchanged: string[] = [];
    const turn = {
      connectionName: 'Example',
      url: 'https://example.com/authorize',
      redirectUri: 'http://localhost:2128/oauth/callback',
      ways: ['nextPort'] as const,
      belongs: ours,
    };
    const done = whileBrowserIsAway(
      ports,
      listener,
      turn,
      async (parameters) => {
        exchanged.push(parameters.get('code') ?? '');
        return 'tokens';
      },
      new AbortController().signal,
    );
    done.catch(() => undefined);
    return { ...ports, loopback, exchanged, done };
  };

  test('a callback is exchanged, and the browser gets its page after that', async () => {
    const { loopback, exchanged, done } = await begin();
    expect(loopback.arrive({ code: 'a', state: 'state-1' })).toBe(true);
    expect(await done).toEqual({ done: 'tokens' });
    expect(exchanged).toEqual(['a']);
    expect(loopback.pages).toEqual(['signedIn']);
  });

  test('a pasted address is held to the same checks, and exchanged', async () => {
    const { person, exchanged, done } = await begin();
    const paste = person.turns[0]?.paste;
    expect(paste?.('http://localhost:2128/oauth/callback?code=a&state=another')).toBe('otherSignIn');
    expect(exchanged).toEqual([]);
    expect(paste?.('http://localhost:2128/oauth/callback?code=b&state=state-1')).toBeUndefined();
    expect(await done).toEqual({ done: 'tokens' });
    expect(exchanged).toEqual(['b']);
  });

  test('another way ends the wait', async () => {
    const { clock, person, done } = await begin();
    person.choose('nextPort');
    expect(await done).toEqual({ choice: 'nextPort' });
    expect(clock.sleeping).toBe(0);
  });

  test('after ten minutes nobody comes any more', async () => {
    const { clock, person, done } = await begin();
    await clock.advance(10 * 60_000);
    expect(await rejectionOf(done)).toMatchObject({ kind: 'codeExpired' });
    expect(person.open).toBe(0);
  });
});
