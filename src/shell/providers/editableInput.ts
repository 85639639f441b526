import { l10n } from 'vscode';

/** A value of a connection that a person has typed, and may have mistyped. */
export type EditableInput = 'clientId' | 'issuer' | 'startUrl' | 'region';

/** Every value that can be edited. */
export const editableInputs: readonly EditableInput[] = ['clientId', 'issuer', 'startUrl', 'region'];

/** The button that leads to the question for this value. */
export function editLabel(input: EditableInput): string {
  switch (input) {
    case 'clientId':
      return l10n.t('Edit Client ID…');
    case 'issuer':
      return l10n.t('Edit Issuer…');
    case 'startUrl':
      return l10n.t('Edit Start URL…');
    case 'region':
      return l10n.t('Edit Region…');
  }
}

/** The title of the question that such a button leads to. */
export function editTitle(input: EditableInput): string {
  return editLabel(input).replace(/…$/, '');
}

/** A name that was made from the address goes with it; one that a person gave stays. */
export function renamed(name: string, before: readonly string[], after: string): string {
  return before.includes(name) ? after : name;
}
