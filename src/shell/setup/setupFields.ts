import { l10n } from 'vscode';
import { findSignInError } from '../../core/oauth/errors.ts';
import { fields } from '../../setup/fields.ts';
import type { Field, FieldName } from '../../setup/fields.ts';
import type { SetupGuideId } from '../../setup/setupGuides.ts';
import { inputMessage } from '../inputMessages.ts';

/** What an administrator typed, by field. */
export type Answers = Readonly<Partial<Record<FieldName, string>>>;

/** The name of a field, as a person reads it. */
export function fieldTitle(name: FieldName): string {
  return fieldOf(name).texts(l10n, 'kiro').title;
}

/** Where the value of a field is found, in the words of a guide. */
export function fieldPrompt(name: FieldName, guide: SetupGuideId): string {
  return fieldOf(name).texts(l10n, guide).prompt;
}

/** An example of a field's value, from a guide where it has its own. */
export function fieldPlaceholder(name: FieldName, guide: SetupGuideId): string {
  return fieldOf(name).placeholders?.[guide] ?? fieldOf(name).placeholder;
}

/** A field by its name. */
export function fieldOf(name: FieldName): Field {
  return fields[name];
}

/** What is wrong with a text in a field. Empty is always right: it leaves the field out. */
export function fieldProblem(name: FieldName, text: string, guide: SetupGuideId): string | undefined {
  if (text.trim() === '') return undefined;
  try {
    return fieldOf(name).problem(text, l10n);
  } catch (error) {
    const details = findSignInError(error)?.details ?? {};
    return inputMessage(guide === 'openIdConnect' ? { ...details, isGeneric: true } : details);
  }
}
