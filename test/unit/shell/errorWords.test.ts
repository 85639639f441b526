import { describe, expect, test, vi } from 'vitest';

import { errorEffects, SignInError } from '../../../src/core/errors.ts';
import type { ErrorFacts, SignInErrorKind } from '../../../src/core/errors.ts';
import { errorWords, inOneLine, wordsFor } from '../../../src/shell/errorWords.ts';

vi.mock('vscode', async () => import('../fakes/vscode.ts'));

const kinds = Object.keys(errorEffects) as SignInErrorKind[];

/** With nothing known, and with all that may be known. */
const facts: readonly ErrorFacts[] = [
  {},
  {
    operation: 'token',
    host: 'example.okta.com',
    status: 503,
    code: 'ECONNRESET',
    description: 'The refresh token is invalid or expired.',
    requestId: 'a1b2c3',
    scopes: ['codewhisperer:completions', 'offline_access'],
    input: 'https://example.okta.com/oauth2/aus1',
    file: '/etc/developer-sign-in/policy.json',
    ports: [{ port: 2128, address: '::1', code: 'EADDRINUSE' }],
  },
];
const reasons = [
  'foreignPage',
  'newerElsewhere',
  'noS256',
  'foreignEndpoint',
  'noEndpoint',
  'issuer',
  'flow',
];

describe.each(kinds)('%s', (kind) => {
  const all = [...facts, ...reasons.map((reason) => ({ ...facts[1], reason }))];

  test.each(all)('has a title, a cause and a next step, each a whole sentence (%#)', (one) => {
    const { title, cause, next } = errorWords(new SignInError(kind, one));
    for (const sentence of [title, cause, next])
      expect(sentence).toMatch(/^([A-Z\d]|example\.okta\.com ).*[.?!)”]$/s);
    expect(new Set([title, cause, next]).size).toBe(3);
    expect(inOneLine({ title, cause, next })).not.toMatch(/\{\d\}|undefined|\s\s/);
  });
});

test('the words of the server stand in the place of ours, with the id that support asks for', () => {
  const error = new SignInError('requestRefused', facts[1]);
  expect(errorWords(error).cause).toBe(
    'It said: “The refresh token is invalid or expired.” (request id a1b2c3)',
  );
});

test('what is no error of ours has words too', () => {
  expect(inOneLine(wordsFor(new TypeError('x is not a function')))).not.toContain('x is');
});
