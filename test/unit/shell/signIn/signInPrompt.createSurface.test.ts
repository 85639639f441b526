import { beforeEach, describe, expect, test, vi } from 'vitest';
import { builderIdConnection } from '../../../../src/shell/providers/builderId.ts';
import { createSurface } from '../../../../src/shell/signIn/signInPrompt.ts';
import { identityCenterConnection, oktaConnection } from '../../fakes/examples.ts';
import { screen } from '../../fakes/screen.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeOnScreen.ts'));

beforeEach(() => screen.clear());

const opens = async () => true;

describe('createSurface', () => {
  test.each([
    [oktaConnection, {}, 'Sign in with Okta: Example'],
    [oktaConnection, { account: 'ada@example.com' }, 'Sign in with Okta: Example, ada@example.com'],
    [identityCenterConnection, {}, 'Sign in with IAM Identity Center: Example'],
    [builderIdConnection, { account: 'ada' }, 'Sign in with AWS Builder ID'],
  ] as const)('says where, and who is meant: %#', (connection, request, title) => {
    using _surface = createSurface(connection, request, {}, opens);
    expect(screen.pick.title).toBe(title);
  });

  test('a test sign-in looked like any other', () => {
    using _surface = createSurface(oktaConnection, {}, { isTest: true }, opens);
    expect(screen.pick.title).toBe('Test sign-in: Sign in with Okta: Example');
  });

  test('offers another connection only where this one was taken without a question', () => {
    for (const canChooseAnother of [true, false]) {
      using _surface = createSurface(oktaConnection, {}, { canChooseAnother }, opens);
      expect(screen.pick.labels.includes('Use a Different Connection…')).toBe(canChooseAnother);
    }
  });

  test('says which scopes go beyond the connection', () => {
    using _surface = createSurface(oktaConnection, { scopes: ['extra'] }, {}, opens);
    expect(screen.pick.labels).toContain('This sign-in also requests: extra');
  });
});
