import { beforeEach, describe, expect, test, vi } from 'vitest';
import { copyRedirectUris } from '../../../../src/shell/connections/copyRedirectUris.ts';
import { identityCenterConnection, oktaConnection } from '../../fakes/examples.ts';
import { screen } from '../../fakes/screen.ts';
import { shellWorld } from '../../fakes/shellWorld.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeOnScreen.ts'));

beforeEach(() => screen.clear());

describe('copyRedirectUris', () => {
  test('has those of the setting, and those of connections with ports of their own, each once', async () => {
    const own = { ...oktaConnection, redirectPorts: [9091, 8008] };
    const { context } = await shellWorld({ connections: [identityCenterConnection, oktaConnection, own] });
    await copyRedirectUris(context);
    expect(screen.clipboard.split('\n')).toEqual([
      'http://localhost:8008/oauth/callback',
      'http://localhost:9091/oauth/callback',
    ]);
    expect(screen.statusMessages.map(({ text }) => text)).toEqual(['Redirect URIs copied: 2']);
  });

  test('has the issuer’s own where it is not on a domain of Okta’s', async () => {
    const issuer = 'https://id.example.com/oauth2/aus1';
    const { context } = await shellWorld({ connections: [{ ...oktaConnection, issuer }] });
    await copyRedirectUris(context);
    expect(screen.clipboard).toMatch(/^http:\/\/localhost:8008\/oauth\/callback\/[0-9a-f]{16}$/m);
  });
});
