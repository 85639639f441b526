import { l10n } from 'vscode';

/** A value of a connection that the user typed and may have mistyped. */
export type EditableInput = 'clientId' | 'issuer' | 'startUrl' | 'region';

/** All editable values. */
export const editableInputs: readonly EditableInput[] = ['clientId', 'issuer', 'startUrl', 'region'];

/** The label of the button that asks for this value. */
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

/** The title of the question behind {@link editLabel}. */
export function editTitle(input: EditableInput): string {
  return editLabel(input).replace(/…$/, '');
}

/** Updates a name that was derived from the address; a name that the user entered stays. */
export function renamed(name: string, before: readonly string[], after: string): string {
  return before.includes(name) ? after : name;
}
