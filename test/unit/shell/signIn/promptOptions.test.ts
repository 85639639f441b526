import { describe, expect, test, vi } from 'vitest';
import { builderIdConnection } from '../../../../src/shell/providers/builderId.ts';
import { promptOptions } from '../../../../src/shell/signIn/promptOptions.ts';
import { identityCenterConnection, oktaConnection } from '../../fakes/examples.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeOnScreen.ts'));

describe('promptOptions', () => {
  test.each([
    [oktaConnection, {}, 'Sign In with Okta: Example'],
    [oktaConnection, { account: 'ada@example.com' }, 'Sign In with Okta: Example, ada@example.com'],
    [identityCenterConnection, {}, 'Sign In with IAM Identity Center: Example'],
    [builderIdConnection, { account: 'ada' }, 'Sign In with AWS Builder ID'],
  ] as const)('shows the address and the account: %#', (connection, request, title) => {
    expect(promptOptions(connection, request, {}).title).toBe(title);
  });

  test('a test sign-in looked like any other', () => {
    const { title } = promptOptions(oktaConnection, {}, { isTest: true });
    expect(title).toBe('Test sign-in: Example');
  });
});
