import { l10n } from 'vscode';
import { showWarning } from './ui/messages.ts';

/** Reports, once per window, that a sign-in works, and what to fix so that it also persists. */
export async function showStorageProblem(problem: 'keyring' | 'disk' | 'shared'): Promise<void> {
  await showWarning(problemMessage(problem));
}

function problemMessage(problem: 'keyring' | 'disk' | 'shared'): string {
  switch (problem) {
    case 'keyring':
      return l10n.t(
        'The system keychain can’t be used, so you stay signed in only until this window closes. Unlock or install a keychain (on Linux: gnome-keyring or KWallet), then restart the editor.',
      );
    case 'disk':
      return l10n.t(
        'The editor can’t write to its storage folder, so you may need to sign in separately in other windows. Check the free disk space and the permissions of your home folder.',
      );
    case 'shared':
      return l10n.t(
        'Other users of this computer can change the storage folder of Developer Sign-In. Move the editor’s user data to a folder that only you can write to.',
      );
  }
}
