import assert from 'node:assert/strict';

import { describe, it } from 'mocha';
import * as vscode from 'vscode';

import { COMMANDS, REDIRECT_PORTS } from './contract.ts';
import { activatedExtension, manifest } from './extension.ts';

export function declareCommands(): void {
  describe('commands', () => {
    it('of the contract are all there', async () => {
      await activatedExtension();
      const registered = await vscode.commands.getCommands(true);
      assert.deepEqual(
        COMMANDS.filter((command) => !registered.includes(command)),
        [],
      );
    });

    it('stand under one category', async () => {
      const { commands } = (await manifest()).contributes;
      assert.deepEqual(
        commands.filter(({ category }) => category !== 'Sign-In'),
        [],
      );
    });

    it('are in the palette, but describeSession is not', async () => {
      const { commands, menus } = (await manifest()).contributes;
      const hidden = (menus?.commandPalette ?? []).filter(({ when }) => when === 'false');
      const inPalette = commands
        .map(({ command }) => command)
        .filter((command) => !hidden.some((entry) => entry.command === command));
      assert.deepEqual(
        inPalette.toSorted(),
        COMMANDS.filter((command) => command !== 'developerSignIn.describeSession').toSorted(),
      );
    });

    it('copyRedirectUris copies the addresses that an Okta application must list', async () => {
      await activatedExtension();
      await vscode.env.clipboard.writeText('');
      await vscode.commands.executeCommand('developerSignIn.copyRedirectUris');
      const copied = await vscode.env.clipboard.readText();
      assert.deepEqual(
        copied.trim().split(/\r?\n/),
        REDIRECT_PORTS.map((port) => `http://localhost:${port}/oauth/callback`),
      );
    });
  });
}
