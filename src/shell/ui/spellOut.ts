import { l10n, workspace } from 'vscode';

/** A code letter by letter, so that a screen reader or a colleague can read it aloud: `A B C D dash E F G H`. */
export function spellOut(code: string): string {
  return Array.from(code.slice(0, 100), (letter) => (letter === '-' ? l10n.t('dash') : letter)).join(' ');
}

/** Whether the person told VS Code that a screen reader is on. What VS Code finds out by itself, an extension is not told. */
export function isScreenReaderOn(): boolean {
  return workspace.getConfiguration('editor').get('accessibilitySupport') === 'on';
}
