import assert from 'node:assert/strict';

import { describe, it } from 'mocha';
import * as vscode from 'vscode';

import { NOT_SYNCHRONIZED, SETTINGS } from './contract.ts';
import { manifest } from './extension.ts';

export function declareSettings(): void {
  describe('settings', () => {
    for (const [name, expected] of Object.entries(SETTINGS))
      it(`${name} has its default`, () => {
        assert.deepEqual(vscode.workspace.getConfiguration().inspect(name)?.defaultValue, expected);
      });

    it('cannot be set by a workspace', async () => {
      const { properties } = (await manifest()).contributes.configuration;
      assert.deepEqual(
        Object.entries(properties)
          .filter(([, { scope }]) => scope !== 'application')
          .map(([name]) => name),
        [],
      );
    });

    it('with an endpoint do not sync to other machines', async () => {
      const { properties } = (await manifest()).contributes.configuration;
      assert.deepEqual(
        NOT_SYNCHRONIZED.filter((name) => properties[name]?.ignoreSync !== true),
        [],
      );
    });
  });
}
