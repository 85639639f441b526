import { l10n } from 'vscode';
import { findSignInError } from '../../core/oauth/errors.ts';
import { fields } from '../../setup/fields.ts';
import type { Field, FieldName } from '../../setup/fields.ts';
import type { SetupGuideId } from '../../setup/setupGuides.ts';
import { inputMessage } from '../inputMessages.ts';

/** What an administrator typed, by field. */
export type Answers = Readonly<Partial<Record<FieldName, string>>>;

export function fieldTitle(name: FieldName): string {
  return fieldOf(name).texts(l10n, 'kiro').title;
}

/** Where to find it. */
export function fieldPrompt(name: FieldName, guide: SetupGuideId): string {
  return fieldOf(name).texts(l10n, guide).prompt;
}

/** An example. */
export function fieldPlaceholder(name: FieldName, guide: SetupGuideId): string {
  return fieldOf(name).placeholders?.[guide] ?? fieldOf(name).placeholder;
}

export function fieldOf(name: FieldName): Field {
  return fields[name];
}

/** What is wrong with a text in a field. Empty is always right: it leaves the field out. */
export function fieldProblem(name: FieldName, text: string): string | undefined {
  if (text.trim() === '') return undefined;
  try {
    return fieldOf(name).problem(text, l10n);
  } catch (error) {
    return inputMessage(findSignInError(error)?.details ?? {});
  }
}
