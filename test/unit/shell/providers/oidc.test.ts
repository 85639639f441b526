import { describe, expect, test, vi } from 'vitest';
import type { OidcConnection } from '../../../../src/core/connection/connection.ts';
import { oidc } from '../../../../src/shell/providers/oidc.ts';
import { oktaConnection } from '../../fakes/examples.ts';

vi.mock('vscode', async () => import('../../fakes/vscode.ts'));

const connection: OidcConnection = { ...oktaConnection, type: 'oidc', name: 'Company' };

describe('oidc', () => {
  test('does not name a product in any text', () => {
    const sentences = [
      oidc.signInTitle(),
      oidc.addTitle(),
      oidc.signInTitleAt(connection, 'Company'),
      oidc.nameOf(connection),
      oidc.noRefreshToken(),
      oidc.asksAgain(),
      oidc.leftAfterSignOut(),
      oidc.signedOut(connection),
    ];
    for (const sentence of sentences) {
      expect(sentence).toMatch(/\S/);
      expect(sentence).not.toMatch(/okta|aws|identity center/i);
    }
  });

  test("names the connection in a sign-in's title", () => {
    expect(oidc.signInTitleAt(connection, 'Company')).toContain('Company');
  });

  test('that the browser stays signed in was cut off in the status bar, after a long name', () => {
    expect(oidc.signedOut(connection)).toMatch(/not in your browser$/);
    expect(oidc.signedOut(connection).length).toBeLessThanOrEqual(50);
  });

  test('says what was not issued, and who can change that', () => {
    expect(oidc.noRefreshToken()).toMatch(/refresh token.*administrator.*offline_access/);
  });
});

describe('oidc: options', () => {
  test.each([
    ['no rule', {}, ['oidc']],
    ['an issuer', { allowedIssuers: [connection.issuer] }, ['oidc']],
    ['no issuer at all', { allowedIssuers: [] }, []],
  ])('where the organization’s policy has %s', (_, policy, ways) => {
    expect(oidc.options(policy).map(({ command }) => command)).toEqual(ways);
  });
});
