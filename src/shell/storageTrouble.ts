import { l10n } from 'vscode';
import { showWarning } from './ui/messages.ts';

/** Said once in a window: the sign-in works, and what has to be mended so that it also lasts. */
export async function sayStorageTrouble(trouble: 'keyring' | 'disk' | 'shared'): Promise<void> {
  await showWarning(troubleWords(trouble));
}

function troubleWords(trouble: 'keyring' | 'disk' | 'shared'): string {
  switch (trouble) {
    case 'keyring':
      return l10n.t(
        'The keyring of this system cannot be used, so sign-ins last only until this window closes. Unlock or install a keyring (on Linux: gnome-keyring or KWallet), then restart the editor.',
      );
    case 'disk':
      return l10n.t(
        'The storage folder of the editor cannot be written, so other windows may have to sign in on their own. Check the free space and the permissions of your home folder.',
      );
    case 'shared':
      return l10n.t(
        'Other users of this computer can change the storage folder of Developer Sign-In. Move the user data of the editor to a folder that only you can write.',
      );
  }
}
