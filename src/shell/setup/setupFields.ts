import { l10n } from 'vscode';
import { findSignInError } from '../../core/oauth/errors.ts';
import { fields } from '../../setup/fields.ts';
import type { Field, FieldName } from '../../setup/fields.ts';
import type { SetupGuideId } from '../../setup/setupGuides.ts';
import { inputMessage } from '../inputMessages.ts';

/** The administrator's answers, by field. */
export type Answers = Readonly<Partial<Record<FieldName, string>>>;

/** The title of a field. */
export function fieldTitle(name: FieldName): string {
  return fieldOf(name).texts(l10n, 'kiro').title;
}

/** The location of a field's value, in the words of a guide. */
export function fieldPrompt(name: FieldName, guide: SetupGuideId): string {
  return fieldOf(name).texts(l10n, guide).prompt;
}

/** An example for a field, specific to the guide if it has one. */
export function fieldPlaceholder(name: FieldName, guide: SetupGuideId): string {
  return fieldOf(name).placeholders?.[guide] ?? fieldOf(name).placeholder;
}

/** A field by name. */
export function fieldOf(name: FieldName): Field {
  return fields[name];
}

/** The problem of a field's text. An empty text is valid: it omits the field. */
export function fieldProblem(name: FieldName, text: string, guide: SetupGuideId): string | undefined {
  if (text.trim() === '') return undefined;
  try {
    return fieldOf(name).problem(text, l10n);
  } catch (error) {
    const details = findSignInError(error)?.details ?? {};
    return inputMessage(guide === 'openIdConnect' ? { ...details, isGeneric: true } : details);
  }
}
