import assert from 'node:assert/strict';

import { describe, it } from 'mocha';
import * as vscode from 'vscode';

import { COMMANDS, NOT_IN_PALETTE, REDIRECT_PORTS } from './contract.ts';
import { activatedExtension, manifest } from './extension.ts';

export function declareCommands(): void {
  describe('commands', () => {
    it('are all registered', async () => {
      await activatedExtension();
      const registered = await vscode.commands.getCommands(true);
      assert.deepEqual(
        COMMANDS.filter((command) => !registered.includes(command)),
        [],
      );
    });

    it('share one category', async () => {
      const { commands } = (await manifest()).contributes;
      assert.deepEqual(
        commands.filter(({ category }) => category !== 'SSO'),
        [],
      );
    });

    it('appear in the palette, except those for other programs', async () => {
      const { commands, menus } = (await manifest()).contributes;
      const hidden = (menus?.commandPalette ?? []).filter(({ when }) => when === 'false');
      const inPalette = commands
        .map(({ command }) => command)
        .filter((command) => !hidden.some((entry) => entry.command === command));
      assert.deepEqual(
        inPalette.toSorted(),
        COMMANDS.filter((command) => !NOT_IN_PALETTE.includes(command)).toSorted(),
      );
    });

    it('copyRedirectUris copies the redirect URIs for an Okta application', async () => {
      assert.deepEqual(await copiedRedirectUris(), REDIRECT_PORTS.map(redirectUriOf));
    });

    it('copyRedirectUris copies those of the only connection, with its own ports', async () => {
      const settings = vscode.workspace.getConfiguration('developerSignIn');
      const okta = { type: 'okta', name: 'Example', issuer: 'https://example.okta.com/oauth2/default' };
      const connection = { ...okta, clientId: '0oa1a2b3c4d5', redirectPorts: [REDIRECT_PORTS[0], 49_999] };
      await settings.update('connections', [connection], true);
      try {
        const [first = 0] = REDIRECT_PORTS;
        assert.deepEqual(await copiedRedirectUris(), [first, 49_999].map(redirectUriOf));
      } finally {
        await settings.update('connections', undefined, true);
      }
    });
  });
}

const redirectUriOf = (port: number): string => `http://localhost:${port}/oauth/callback`;

async function copiedRedirectUris(): Promise<readonly string[]> {
  await activatedExtension();
  await vscode.env.clipboard.writeText('');
  await vscode.commands.executeCommand('developerSignIn.copyRedirectUris');
  return (await vscode.env.clipboard.readText()).trim().split(/\r?\n/);
}
