import { describe, expect, test, vi } from 'vitest';
import { signedOutAppearance } from '../../../../src/shell/status/signedOutAppearance.ts';
import { identityCenterConnection, oktaConnection } from '../../fakes/examples.ts';

vi.mock('vscode', async () => import('../../fakes/vscode.ts'));

const work = { ...oktaConnection, name: 'Work' };

describe('signedOutAppearance', () => {
  test('names the only connection', () => {
    const { text, spoken, isWarning } = signedOutAppearance([work]);
    expect(text).toMatch(/^Work\b/);
    expect(spoken).toContain('Work');
    expect(isWarning).toBe(false);
  });

  test('names each kind of several once, and all of them for screen readers', () => {
    const { text, hover } = signedOutAppearance([
      work,
      { ...work, name: 'Second' },
      identityCenterConnection,
    ]);
    expect(text.match(/Okta/g)).toHaveLength(1);
    expect(text).toContain('/');
    expect(JSON.stringify(hover)).toMatch(/Work.*Second.*Example/);
  });

  test('without a connection, names the available providers', () => {
    expect(signedOutAppearance([]).text).toMatch(/AWS.*Okta/);
  });
});
