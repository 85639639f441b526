import { describe, expect, test } from 'vitest';
import type { SignInErrorKind } from '../../../src/core/errors.ts';
import { OAuthRefusal, refusalToError } from '../../../src/core/oauthRefusal.ts';
import { jwt } from '../fakes/jwt.ts';

const refusal = (error: string, status = 400) => new OAuthRefusal(error, { operation: 'token', status });

describe("a token endpoint's no", () => {
  test.each<readonly [string, SignInErrorKind]>([
    ['invalid_grant', 'grantRevoked'],
    ['invalid_client', 'registrationRefused'],
    ['unauthorized_client', 'registrationRefused'],
    ['expired_token', 'codeExpired'],
    ['access_denied', 'denied'],
    ['invalid_scope', 'scopeRefused'],
    ['invalid_request', 'requestRefused'],
    ['unsupported_grant_type', 'requestRefused'],
    ['slow_down', 'rateLimited'],
    ['temporarily_unavailable', 'serverError'],
    ['server_error', 'serverError'],
    ['something_new', 'invalidResponse'],
    ['', 'invalidResponse'],
  ])('%s means %s', (error, kind) => {
    expect(refusalToError(refusal(error)).kind).toBe(kind);
  });

  test.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])(
    'a word that every object knows, %s, means nothing',
    (error) => {
      expect(refusalToError(refusal(error)).kind).toBe('invalidResponse');
    },
  );

  test.each<readonly [number, SignInErrorKind]>([
    [429, 'rateLimited'],
    [500, 'serverError'],
    [503, 'serverError'],
  ])('with status %i is %s, whatever its body says', (status, kind) => {
    expect(refusalToError(refusal('invalid_grant', status)).kind).toBe(kind);
    expect(refusalToError(refusal('invalid_grant', status), { invalid_grant: 'codeExpired' }).kind).toBe(
      kind,
    );
  });

  test('means at a step what the step says', () => {
    const kinds = { invalid_grant: 'codeExpired' } as const;
    expect(refusalToError(refusal('invalid_grant'), kinds).kind).toBe('codeExpired');
    expect(refusalToError(refusal('invalid_client'), kinds).kind).toBe('registrationRefused');
  });

  test('carries the word as its code, beside the facts', () => {
    const facts = { operation: 'token', host: 'a.example', status: 400, description: 'Words.' };
    const error = refusalToError(new OAuthRefusal('invalid_grant', facts));
    expect(error.facts).toEqual({ ...facts, code: 'invalid_grant' });
  });

  test('is the cause of the error it becomes', () => {
    const no = refusal('invalid_grant');
    expect(refusalToError(no).cause).toBe(no);
  });
});

describe('a word that echoes a token', () => {
  const token = jwt({ sub: 'ada@example.com' });

  test('is made safe in the error and its facts', () => {
    const echoed = refusal(`bad token ${token}`);
    expect(echoed.error).not.toContain(token);
    expect(JSON.stringify(refusalToError(echoed).facts)).not.toContain(token);
  });

  test('is made safe in the message too', () => {
    expect(refusal(`bad token ${token}`).message).not.toContain(token);
  });
});
