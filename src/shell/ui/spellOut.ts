import { l10n } from 'vscode';

/** A code letter by letter, so that a screen reader or a colleague can read it aloud: `A B C D dash E F G H`. */
export function spelled(code: string): string {
  return Array.from(code.slice(0, 100), (letter) => (letter === '-' ? l10n.t('dash') : letter)).join(' ');
}
