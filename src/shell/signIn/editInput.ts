import type { Connection } from '../../core/connection/connection.ts';
import type { SignInError } from '../../core/oauth/errors.ts';
import { isBuilderId } from '../providers/builderId.ts';
import { editableInputs } from '../providers/editableInput.ts';
import type { EditableInput } from '../providers/editableInput.ts';
import { providerOf } from '../providers/index.ts';

/** The typed value that an error is about; undefined where it is about another thing. */
export function inputOf(error: SignInError, connection: Connection): EditableInput | undefined {
  if (isBuilderId(connection)) return undefined; // Nothing of it was typed.
  const { kind, details } = error;
  if (kind === 'invalidInput') return editableInputs.find((input) => input === details.operation);
  return providerOf(connection).mistypedOf(error);
}
