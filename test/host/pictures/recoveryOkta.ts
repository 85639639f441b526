import {
  finishSignIn,
  signInWithoutWayBack,
  startSignIn,
  statusShows,
  typeCredentials,
} from '../asPerson.ts';
import type { Workbench } from '../workbench.ts';
import type { Chapter } from './recoveryChapter.ts';

const refusals = {
  dpop: { error: 'invalid_dpop_proof', error_description: 'The DPoP proof JWT header is missing.' },
  code: { error: 'invalid_grant', error_description: 'The authorization code is invalid or has expired.' },
  'other-language': {
    error: 'access_denied',
    error_description: 'Der Benutzer ist der Clientanwendung nicht zugewiesen.',
  },
} as const;

/** From the sign-in's list to the error page in the browser. */
async function fail(window: Workbench): Promise<void> {
  const page = await window.dialogs.openExternal();
  await typeCredentials(page);
  await page.getByRole('heading', { name: /Sign-in failed/ }).waitFor();
  await page.close();
  await window.page.bringToFront();
}

/** Obstacles to a sign-in at Okta. */
export const oktaChapters: Readonly<Record<string, Chapter>> = {
  beyond: async ({ scene, window, probe, take }) => {
    const { issuer, clientId } = scene.sandbox.okta;
    const given = { issuer, clientId, scopes: ['okta.users.manage'] };
    const called = probe.executeCommand('developerSignIn.signInOkta', [given]).catch(() => undefined);
    await window.dialogs.waitFor(/different permissions/);
    await take('question-beyond');
    await window.dialogs.answer(/different permissions/, 'Cancel');
    await called;
  },

  issuer: async ({ window, take }) => {
    await startSignIn(window, 'okta');
    await window.dialogs.waitFor(/Do you trust/);
    await take('question-issuer');
    await window.dialogs.answer(/Do you trust/, 'Trust and Continue');
    await window.dialogs.answer(/open the external website/, 'Cancel');
    await window.quickInput.pick('Cancel');
  },

  oktaRefused: async ({ scene, window, take, clear }) => {
    for (const [name, body] of Object.entries(refusals)) {
      await scene.forgetPeople();
      scene.sandbox.faults.add({ at: 'okta.token', status: 400, body: JSON.stringify(body) });
      await startSignIn(window, 'okta');
      await fail(window);
      await window.notifications.waitFor(/./);
      await take(`error-okta-${name}`);
      await clear();
    }
  },

  scope: async ({ scene, window, probe, take }) => {
    const { issuer, clientId } = scene.sandbox.okta;
    const scopes = ['codewhisperer:completions', 'codewhisperer:unheard'];
    const connection = { type: 'okta', name: 'Acme', issuer, clientId, scopes };
    await probe.updateSetting('developerSignIn.connections', [connection]);
    await window.runCommand('SSO: Sign In with Okta');
    const page = await window.dialogs.openExternal();
    await page.getByRole('heading', { name: /Sign-in failed/ }).waitFor();
    await page.close();
    await window.page.bringToFront();
    await window.notifications.waitFor(/./);
    await take('error-okta-scope');
  },

  client: async ({ scene, window, probe, take }) => {
    const { issuer, clientId } = scene.sandbox.okta;
    const connection = { type: 'okta', name: 'Acme', issuer, clientId: '0oamistyped0000000x7' };
    await probe.updateSetting('developerSignIn.connections', [connection]);
    await window.runCommand('SSO: Sign In with Okta');
    await window.notifications.waitFor(/recognize this client ID/);
    await take('client-unknown');
    await window.notifications.press(/recognize this client ID/, 'Edit Client ID…');
    await window.quickInput.waitFor({ message: /client id/i });
    await take('edit-client');
    await window.quickInput.submit(clientId);
    await finishSignIn(window, 'okta');
    await statusShows(window, /ana@|^\d/);
    await take('client-edited');
  },
};

/** With the editor on a different machine than the browser. */
export const codespaceChapters: Readonly<Record<string, Chapter>> = {
  deviceGrant: async ({ scene, window, take }) => {
    const { quickInput } = window;
    const error_description = 'The client is not authorized to use the provided grant type.';
    const body = JSON.stringify({ error: 'unauthorized_client', error_description });
    scene.sandbox.faults.add({ at: 'okta.deviceAuthorize', status: 400, body });
    await startSignIn(window, 'okta');
    await window.dialogs.answer(/Do you trust/, 'Trust and Continue');
    await quickInput.waitFor({ item: 'Open Browser' });
    await take('device-grant');
    await quickInput.accept();
    const page = await window.dialogs.openExternal();
    const address = await signInWithoutWayBack(page);
    await page.close();
    await window.page.bringToFront();
    await quickInput.waitFor({ item: 'Paste Callback URL…' });
    await take('device-grant-opened');
    await quickInput.pick('Paste Callback URL…');
    await quickInput.waitFor({ message: /full URL/ });
    await take('device-grant-paste');
    await quickInput.type(address);
    await quickInput.accept();
    await statusShows(window, /^ana@/);
    await take('device-grant-done');
  },
};
