import assert from 'node:assert/strict';

import { describe, it } from 'mocha';
import * as vscode from 'vscode';

import { PROVIDERS } from './contract.ts';
import { activatedExtension, manifest } from './extension.ts';

export function declareProviders(): void {
  describe('authentication providers', () => {
    for (const { id, label } of PROVIDERS) {
      it(`${id} is contributed as ${label}`, async () => {
        const { authentication } = (await manifest()).contributes;
        assert.equal(authentication.find((provider) => provider.id === id)?.label, label);
      });

      it(`${id} returns no session for a silent request of a new user`, async () => {
        await activatedExtension();
        const session = await vscode.authentication.getSession(id, ['codewhisperer:completions'], {
          silent: true,
        });
        assert.equal(session, undefined);
        assert.deepEqual(await vscode.authentication.getAccounts(id), []);
      });
    }
  });
}
