import { describe, expect, test, vi } from 'vitest';
import { SignInError } from '../../../src/core/oauth/errors.ts';
import { validationMessage } from '../../../src/shell/validationMessage.ts';

vi.mock('vscode', async () => import('../fakes/vscode.ts'));

const problemWith = (error: Error): Promise<string | undefined> =>
  validationMessage(() => {
    throw error;
  });

describe('validationMessage: what is typed', () => {
  test('has no problem when the check passes', async () => {
    expect(await validationMessage(() => 'fine')).toBeUndefined();
  });

  test('that is not an address is told how one looks', async () => {
    const error = new SignInError('invalidInput', { operation: 'clientId', reason: 'spaces' });
    expect(await problemWith(error)).toMatch(/no spaces/);
  });

  test('at any OpenID Connect provider is not told of Okta’s console', async () => {
    const error = new SignInError('invalidInput', { operation: 'clientId', reason: 'spaces' });
    const problem = await validationMessage(() => {
      throw error;
    }, true);
    expect(problem).toMatch(/no spaces/);
    expect(problem).not.toContain('Okta');
  });

  test('and cannot be reached may be mistyped: the person is not told first that they are offline', async () => {
    const error = new SignInError('network', { host: 'exmple.okta.com', code: 'ENOTFOUND' });
    expect(await problemWith(error)).toBe(
      'exmple.okta.com couldn’t be reached (ENOTFOUND). Check the URL, and your network connection or VPN.',
    );
  });

  test('and is answered with an error has its words in one line', async () => {
    const words = await problemWith(new SignInError('serverError', { host: 'a.example', status: 503 }));
    expect(words).toMatch(/^a\.example returned an error \(HTTP 503\)\. \S/);
  });

  test('and is no longer asked about, or fails by a fault of ours, is not a problem of the address', async () => {
    await expect(problemWith(new SignInError('cancelled'))).rejects.toMatchObject({ kind: 'cancelled' });
    await expect(problemWith(new TypeError('a fault'))).rejects.toThrow('a fault');
  });
});
