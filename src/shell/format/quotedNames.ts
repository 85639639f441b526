import { l10n } from 'vscode';

/** Names in quotation marks, so that it is clear which part of a sentence to type; each once. */
export function quotedNames(names: readonly string[]): string {
  return [...new Set(names)].map((name) => l10n.t('“{0}”', name)).join(', ');
}
