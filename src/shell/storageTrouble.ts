import { l10n } from 'vscode';
import { showWarning } from './ui/messages.ts';

/** Said once in a window: the sign-in works, and what has to be mended so that it also lasts. */
export async function sayStorageTrouble(trouble: 'keyring' | 'disk'): Promise<void> {
  await showWarning(
    trouble === 'keyring'
      ? l10n.t(
          'The keyring of this system cannot be used, so sign-ins last only until this window closes. Unlock or install a keyring (on Linux: gnome-keyring or KWallet), then restart the editor.',
        )
      : l10n.t(
          'The storage folder of the editor cannot be written, so other windows may have to sign in on their own. Check the free space and the permissions of your home folder.',
        ),
  );
}
