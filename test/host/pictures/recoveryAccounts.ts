import { COMMANDS, CONNECTIONS, finishSignIn, signIn, startSignIn, statusShows } from '../asPerson.ts';
import { EXTENSION_ID } from '../scene.ts';
import type { Chapter } from './recoveryChapter.ts';

const underWay = /^Signing in to/;

/** Abandoned sign-ins, and accounts that expire, are signed out or are lost. */
export const accountChapters: Readonly<Record<string, Chapter>> = {
  escapes: async ({ window, take }) => {
    const { quickInput } = window;
    await statusShows(window, /: Sign In$/);
    await startSignIn(window, 'identityCenter');
    await quickInput.waitFor({ item: 'Copy Code and Proceed' });
    await quickInput.hide();
    await statusShows(window, /: Sign In$/);
    await take('escaped-before');
    await startSignIn(window, 'identityCenter');
    await quickInput.waitFor({ item: 'Copy Code and Proceed' });
    await quickInput.accept();
    await (await window.dialogs.openExternal()).close();
    await window.page.bringToFront();
    await quickInput.waitFor({ item: 'Open Browser Again' });
    await quickInput.hide();
    await take('escaped-after');
    await startSignIn(window, 'okta');
    await (await window.dialogs.openExternal()).close();
    await window.page.bringToFront();
    await quickInput.waitFor({ placeholder: /^Complete sign-in/ });
    await quickInput.hide();
    await window.statusBar.click(EXTENSION_ID);
    await quickInput.waitFor({ item: underWay });
    await take('two-under-way');
    await quickInput.pressButton('Cancel', `Signing in to ${CONNECTIONS.okta}…`);
    await take('one-canceled');
    await quickInput.pressButton('Cancel', `Signing in to ${CONNECTIONS.identityCenter}…`);
    await statusShows(window, /: Sign In$/);
  },

  client: async ({ scene, window, probe, take }) => {
    const { issuer, clientId } = scene.sandbox.okta;
    const connection = { type: 'okta', name: 'Acme', issuer, clientId: '0oamistyped0000000x7' };
    await probe.updateSetting('developerSignIn.connections', [connection]);
    await window.runCommand(COMMANDS.okta);
    await window.notifications.waitFor(/recognize this client ID/);
    await take('client-not-signed-in');
    await window.notifications.press(/recognize this client ID/, 'Edit Client ID…');
    await window.quickInput.waitFor({ message: /client id/i });
    await take('client-edit');
    await window.quickInput.submit(clientId);
    await finishSignIn(window, 'okta');
    await take('client-edited-signed-in');
    await window.runCommand(COMMANDS.signOut);
    await window.dialogs.answer(/^Sign out of /, 'Sign Out');
    await statusShows(window, /: Sign In$/);
  },

  signedIn: async ({ window, take }) => {
    await signIn(window, 'okta');
    await take('signed-in');
    await startSignIn(window, 'identityCenter');
    await window.quickInput.waitFor({ item: 'Copy Code and Proceed' });
    await window.page.waitForTimeout(6000);
    await take('signed-in-and-under-way');
    await finishSignIn(window, 'identityCenter');
  },

  ended: async ({ scene, window, take, clear }) => {
    const { quickInput } = window;
    scene.sandbox.okta.endSessions('ana@example.com');
    await window.runCommand(COMMANDS.refresh);
    await quickInput.pick(/ana@/);
    await window.notifications.waitFor(/./);
    await take('ended');
    await clear();
    await window.statusBar.click(EXTENSION_ID);
    await quickInput.waitFor({ item: /ana@/ });
    await take('ended-status');
    await quickInput.pick(/^\s*ana@/);
    await take('ended-actions');
  },

  signOut: async ({ window, take }) => {
    await window.runCommand(COMMANDS.signOut);
    await window.quickInput.waitFor({ item: /ana@/ });
    await take('sign-out-which');
    await window.quickInput.pick(/^\s*d-/);
    await window.dialogs.waitFor(/^Sign out of /);
    await take('sign-out-question');
    await window.dialogs.answer(/^Sign out of /, 'Sign Out');
    await take('signed-out');
    await signIn(window, 'identityCenter');
  },

  lost: async ({ window, take, clear }) => {
    const { quickInput } = window;
    await signIn(window, 'okta');
    await window.page.evaluate(() => localStorage.removeItem('secrets.provider'));
    await window.reload();
    await window.probe();
    await statusShows(window, /^Sign In Again/);
    await take('lost');
    await window.statusBar.click(EXTENSION_ID);
    await quickInput.waitFor({ item: /ana@/ });
    await take('lost-status');
    await quickInput.pick(/^\s*ana@/);
    await quickInput.waitFor({ item: 'Forget' });
    await take('lost-actions');
    await quickInput.hide();
    await clear();
    await window.runCommand(COMMANDS.signOut);
    await quickInput.waitFor({ item: /ana@/ });
    await quickInput.pick(/^\s*ana@/);
    await window.dialogs.waitFor(/^Sign out of /);
    await take('lost-sign-out');
    await window.dialogs.answer(/^Sign out of /, 'Sign Out');
    await take('lost-forgotten');
    await window.statusBar.click(EXTENSION_ID);
    await quickInput.pick('Sign In Again');
    await finishSignIn(window, 'identityCenter');
    await take('lost-again');
  },
};
