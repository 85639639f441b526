import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isResponseTo } from '../../../src/core/oauth/userInteraction.ts';
import type { Callback } from '../../../src/core/oauth/userInteraction.ts';
import { takePasted } from '../../../src/input/pastedCallback.ts';
import { anyString } from '../fakes/anyString.ts';

const redirectUri = 'http://localhost:8008/oauth/callback';
const state = 'qN2xV7pL0sKdJ4mZ';
const tenThousand = { numRuns: 10_000 };

const name = fc.constantFrom('code', 'state', 'error', 'error_description', 'iss', 'CODE', '__proto__', '');
const value = fc.oneof(
  { weight: 3, arbitrary: fc.constant(state) },
  fc.constantFrom(state.toLowerCase(), ` ${state}`, `${state}\u0000`, '', '1', 'access_denied'),
  anyString(8),
);
const pairs = fc.array(
  fc.oneof(
    fc.constantFrom<[string, string]>(['state', state], ['code', 'code-1'], ['error', 'access_denied']),
    fc.tuple(name, value),
  ),
  { maxLength: 4 },
);

/** Texts similar to a callback address: pieces of the correct one, with arbitrary text between them. */
const near = fc
  .tuple(
    fc.oneof(
      { weight: 8, arbitrary: fc.constant('http://') },
      fc.constantFrom('', 'HTTP://', 'https://', '//', 'file://'),
    ),
    fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom('localhost', '127.0.0.1', '[::1]') },
      fc.constantFrom(
        'LOCALHOST',
        'evil.example',
        'a@localhost',
        'localhost@evil.example',
        '127.1',
        '0.0.0.0',
      ),
    ),
    fc.oneof(
      { weight: 6, arbitrary: fc.constant(':8008') },
      fc.constantFrom('', ':80', ':08008', ':9091', ':x'),
    ),
    fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom('/oauth/callback', '/oauth/callback/') },
      fc.constantFrom(
        '/oauth/callback//',
        '/oauth/../oauth/callback',
        '/oauth/callback%2f',
        '\\oauth\\callback',
        '',
      ),
    ),
    pairs.map((all) => new URLSearchParams(all).toString()),
    fc.constantFrom('?', '?', '?', '#', '', '?#', '??'),
  )
  .map(([scheme, host, port, path, query, mark]) => `${scheme}${host}${port}${path}${mark}${query}`);
const anyText = fc.oneof({ weight: 5, arbitrary: near }, fc.webUrl(), anyString());

test('any pasted text is either a callback of this sign-in on this machine, or rejected', () => {
  const outcomes = { taken: 0, notCallback: 0, otherSignIn: 0 };
  fc.assert(
    fc.property(anyText, (text) => {
      let taken: Callback | undefined;
      const takeCallback = (callback: Callback): boolean => {
        if (!isResponseTo(callback.parameters, state)) return false;
        taken = callback;
        return true;
      };
      outcomes[takePasted(text, { redirectUri, takeCallback }) ?? 'taken']++;
      if (taken === undefined) return true;
      const trimmed = text.trim();
      const url = new URL(/^https?:/i.test(trimmed) ? trimmed : `http://${trimmed}`);
      return (
        ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname) &&
        url.port === '8008' &&
        /^\/oauth\/callback\/?$/.test(url.pathname) &&
        taken.path === '/oauth/callback' &&
        taken.parameters.getAll('state').join() === state &&
        taken.parameters.getAll('code').length <= 1 &&
        (taken.parameters.has('code') || taken.parameters.has('error'))
      );
    }),
    tenThousand,
  );
  // Every outcome occurred, so the property is meaningful.
  expect(Math.min(...Object.values(outcomes))).toBeGreaterThan(20);
});
