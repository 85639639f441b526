import { describe, expect, test, vi } from 'vitest';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import { builderIdConnection } from '../../../../src/shell/providers/builderId.ts';
import { inputOf } from '../../../../src/shell/signIn/editInput.ts';
import { identityCenterConnection, oktaConnection } from '../../fakes/examples.ts';

vi.mock('vscode', async () => import('../../fakes/vscode.ts'));

describe('inputOf', () => {
  const unknown = new SignInError('network', { code: 'ENOTFOUND', host: 'portal.example.com' });

  test('is what the provider derives from the error', () => {
    expect(inputOf(unknown, identityCenterConnection)).toBe('startUrl');
    expect(inputOf(unknown, oktaConnection)).toBe('issuer');
  });

  test('is what a parser rejected', () => {
    const refused = (operation: string) => new SignInError('invalidInput', { operation });
    expect(inputOf(refused('region'), identityCenterConnection)).toBe('region');
    expect(inputOf(refused('scopes'), identityCenterConnection)).toBeUndefined();
  });

  test('is nothing for AWS Builder ID, which has no typed values', () => {
    expect(inputOf(unknown, builderIdConnection)).toBeUndefined();
  });
});
