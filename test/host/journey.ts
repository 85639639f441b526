import { describe, expect, it } from 'vitest';

import type { Chain } from '../sandbox/chain.ts';
import { checkKiro } from './asAdministrator.ts';
import { ACCOUNTS, signIn, signOut, statusShows } from './asPerson.ts';
import { eventually } from './eventually.ts';
import type { SetupView } from './setupView.ts';
import type { Workbench } from './workbench.ts';

/** An editor with the extension, and the identity providers. */
export interface Traveler {
  readonly window: Workbench;
  readonly chain: Chain;
  readonly setupView: Pick<SetupView, 'message' | 'messageFits' | 'rows'>;
}

const SCOPES = ['codewhisperer:completions', 'codewhisperer:conversations'];
const accounts = {
  identityCenter: /\(IAM Identity Center\)/,
  okta: /ana@example\.com .*\(Okta\)/,
} as const;

/**
 * One journey through all features, short enough to run in every editor. Each part depends on the previous one.
 * @param editor its name and version
 * @param traveler called when the tests run
 * @param guides tests the editor's walkthroughs, before the last part
 */
export function describeJourney(
  editor: string,
  traveler: () => Traveler,
  [guides, readGuides]: readonly [name: string, read: (traveler: Traveler) => Promise<void>],
): void {
  describe(`a journey in ${editor}`, () => {
    it('begins with a sign-in to IAM Identity Center', async () => {
      const { window } = traveler();
      await signIn(window, 'identityCenter');
      await accountsMenuHas(window, accounts.identityCenter);
    });

    it('goes on with a sign-in to Okta', async () => {
      const { window } = traveler();
      await signIn(window, 'okta');
      await accountsMenuHas(window, accounts.identityCenter, accounts.okta);
      expect(await window.notifications.shown()).toEqual([]);
    });

    it('gives another extension a token that the service accepts', async () => {
      const { window, chain } = traveler();
      const probe = await window.probe();
      const asked = probe.getSession({
        providerId: 'okta',
        scopes: SCOPES,
        options: { createIfNone: true },
        use: { url: chain.okta.protectedUrl, headers: { TokenType: 'EXTERNAL_IDP' } },
      });
      await window.dialogs.allowSignIn();
      await window.quickInput.waitFor({ title: /wants to access/ });
      await window.quickInput.accept();
      expect(await asked).toMatchObject({
        account: { label: expect.stringContaining(ACCOUNTS.okta) as string },
        use: { status: 200 },
      });
    });

    it('keeps both sign-ins over a reload', async () => {
      const { window } = traveler();
      await window.reload();
      await window.probe();
      await accountsMenuHas(window, accounts.identityCenter, accounts.okta);
    });

    it('checks a setup, and finds nothing wrong', async () => {
      const { window, chain, setupView: view } = traveler();
      const { run } = await checkKiro(window, chain);
      await run();
      await view.messageFits(/passed$/);
      expect(await view.message()).not.toMatch(/failed/);
      const icons = (await view.rows()).map(({ icon }) => icon);
      expect(icons).toContain('pass');
      expect(icons).not.toContain('error');
    });

    it(guides, () => readGuides(traveler()));

    it('signs out of both', async () => {
      const { window } = traveler();
      await signOut(window, new RegExp(ACCOUNTS.okta));
      await accountsMenuHas(window, accounts.identityCenter);
      await signOut(window);
      await statusShows(window, /Sign in$/i);
      const left = (await window.accounts.entries()).filter((entry) =>
        Object.values(accounts).some((account) => account.test(entry)),
      );
      expect(left).toEqual([]);
    });
  });
}

async function accountsMenuHas(window: Workbench, ...wanted: readonly RegExp[]): Promise<void> {
  await eventually(`${wanted.join(' and ')} in the Accounts menu`, async () => {
    const entries = await window.accounts.entries();
    const known = entries.filter((entry) => Object.values(accounts).some((one) => one.test(entry)));
    return known.length === wanted.length && wanted.every((one) => known.some((entry) => one.test(entry)))
      ? true
      : undefined;
  });
}
