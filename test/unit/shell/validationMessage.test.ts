import { describe, expect, test, vi } from 'vitest';
import { SignInError } from '../../../src/core/oauth/errors.ts';
import { validationMessage } from '../../../src/shell/validationMessage.ts';

vi.mock('vscode', async () => import('../fakes/vscode.ts'));

const problemWith = (error: Error): Promise<string | undefined> =>
  validationMessage(() => {
    throw error;
  });

describe('validationMessage: typed text', () => {
  test('has no message if the validation passes', async () => {
    expect(await validationMessage(() => 'fine')).toBeUndefined();
  });

  test('that is not an address gets an example', async () => {
    const error = new SignInError('invalidInput', { operation: 'clientId', reason: 'notClientId' });
    expect(await problemWith(error)).toMatch(/no spaces/);
  });

  test('at any OpenID Connect provider does not mention Okta’s console', async () => {
    const error = new SignInError('invalidInput', { operation: 'clientId', reason: 'notClientId' });
    const problem = await validationMessage(() => {
      throw error;
    }, true);
    expect(problem).toMatch(/without spaces/);
    expect(problem).not.toContain('Okta');
  });

  test('that cannot be reached may be mistyped: the message does not start with being offline', async () => {
    const error = new SignInError('network', { host: 'exmple.okta.com', code: 'ENOTFOUND' });
    expect(await problemWith(error)).toBe(
      'exmple.okta.com couldn’t be reached (ENOTFOUND). Check the URL, and your network connection or VPN.',
    );
  });

  test('with an error response has its message on one line', async () => {
    const words = await problemWith(new SignInError('serverError', { host: 'a.example', status: 503 }));
    expect(words).toMatch(/^a\.example returned an error \(HTTP 503\)\. \S/);
  });

  test('that is no longer being validated, or fails by an internal error, has no message about the address', async () => {
    await expect(problemWith(new SignInError('cancelled'))).rejects.toMatchObject({ kind: 'cancelled' });
    await expect(problemWith(new TypeError('a fault'))).rejects.toThrow('a fault');
  });
});
