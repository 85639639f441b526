import { COMMANDS } from '../asPerson.ts';
import type { Chapter } from './recoveryChapter.ts';

/** What other tools get: the AWS CLI and the terminal. Both accounts are signed in. */
export const screensOfTools: Readonly<Record<string, Chapter>> = {
  awsCli: async ({ window, take }) => {
    const { dialogs } = window;
    await window.runCommand('SSO: Share with the AWS CLI');
    await dialogs.waitFor(/./);
    await take('question');
    await dialogs.answer(/./, 'Share Without Account Access');
    await dialogs.waitFor(/^Add this section/);
    await take('section');
    await dialogs.answer(/^Add this section/, 'Cancel');
    await window.page
      .getByText(/^Shared as /)
      .first()
      .waitFor();
    await take('shared');
    await window.runCommand('SSO: Share with the AWS CLI');
    await dialogs.waitFor(/^Stop sharing/);
    await take('stop');
    await dialogs.answer(/^Stop sharing/, 'Stop Sharing');
    await window.runCommand('Notifications: Clear All Notifications');
  },

  terminal: async ({ window, take }) => {
    const { quickInput, dialogs, notifications } = window;
    await window.runCommand(COMMANDS.useInTerminal);
    await quickInput.waitFor({ item: /ana@/ });
    await take('which');
    await quickInput.pick(/ana@/);
    await dialogs.waitFor(/^Let programs in the terminal use/);
    await take('question');
    await dialogs.answer(/^Let programs in the terminal use/, 'Allow');
    await notifications.waitFor(/In new terminals/);
    await take('allowed');
    await window.runCommand('Notifications: Clear All Notifications');
    await window.runCommand(COMMANDS.useInTerminal);
    await quickInput.pick(/ana@/);
    await dialogs.waitFor(/^Programs in the terminal can already/);
    await take('stop');
    await dialogs.answer(/^Programs in the terminal can already/, 'Stop');
  },
};
