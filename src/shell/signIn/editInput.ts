import type { Connection } from '../../core/connection/connection.ts';
import type { SignInError } from '../../core/oauth/errors.ts';
import { isBuilderId } from '../providers/builderId.ts';
import { editableInputs } from '../providers/editableInput.ts';
import type { EditableInput } from '../providers/editableInput.ts';
import { providerOf } from '../providers/index.ts';

/** The typed value that caused an error; undefined for another cause. */
export function inputOf(error: SignInError, connection: Connection): EditableInput | undefined {
  if (isBuilderId(connection)) return undefined; // It has no typed value.
  const { kind, details } = error;
  if (kind === 'invalidInput') return editableInputs.find((input) => input === details.operation);
  return providerOf(connection).mistypedOf(error);
}
