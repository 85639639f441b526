import { beforeEach, describe, expect, test, vi } from 'vitest';
import { createSignInPrompt } from '../../../../src/shell/signIn/signInPrompt.ts';
import { oktaConnection } from '../../fakes/examples.ts';
import { screen } from '../../fakes/screen.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeOnScreen.ts'));

beforeEach(() => screen.clear());

const opens = async () => true;

describe('createSignInPrompt', () => {
  test('offers a different connection only if this one was selected without a question', () => {
    for (const canChooseAnother of [true, false]) {
      using _surface = createSignInPrompt(oktaConnection, {}, { canChooseAnother }, opens);
      expect(screen.pick.labels.includes('Use a Different Connection…')).toBe(canChooseAnother);
    }
  });

  test('shows which scopes exceed the connection', () => {
    using _surface = createSignInPrompt(oktaConnection, { scopes: ['extra'] }, {}, opens);
    expect(screen.pick.labels).toContain('This sign-in also requests: extra');
  });
});
