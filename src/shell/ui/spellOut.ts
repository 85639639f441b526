import { l10n, workspace } from 'vscode';

/** Spells out a code for a screen reader or a colleague: `A B C D dash E F G H`. */
export function spellOut(code: string): string {
  return Array.from(code.slice(0, 100), (letter) => (letter === '-' ? l10n.t('dash') : letter)).join(' ');
}

/** Whether VS Code's setting says that a screen reader is on; extensions cannot see VS Code's own detection. */
export function isScreenReaderOn(): boolean {
  return workspace.getConfiguration('editor').get('accessibilitySupport') === 'on';
}
