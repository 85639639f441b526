import { l10n } from 'vscode';
import { withPlainQuotes } from '../../core/text/safeText.ts';

/** Distinct names in quotation marks, to show which part of a sentence to type. */
export function quotedNames(names: readonly string[]): string {
  return [...new Set(names)].map((name) => l10n.t('“{0}”', withPlainQuotes(name))).join(', ');
}
