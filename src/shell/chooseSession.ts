import { l10n } from 'vscode';
import { SignInError } from '../core/oauth/errors.ts';
import type { Session } from '../core/session/session.ts';
import { describeSession } from './format/formatSession.ts';
import { showInformation } from './ui/messages.ts';
import { showList } from './ui/quickPick.ts';

interface Question {
  /** Title of the command that needs the session. */
  readonly title: string;
  /** Placeholder of the list, if there are several sessions. */
  readonly placeHolder: string;
  /** Message if the user is not signed in; “You’re not signed in.” by default. */
  readonly none?: string;
  /** A note on a session, in a line of its own: beside the name, a narrow list cuts off its place. */
  readonly noteOf?: (session: Session) => string | undefined;
}

/**
 * The session with this ID, the only session, or the one that the user selects. Undefined if the user cancels,
 * or, after a message, without any session.
 * @throws SignInError `signInNeeded` when none has the id
 */
export async function chooseSession<S extends Session>(
  all: readonly S[],
  id: unknown,
  { title, placeHolder, none, noteOf }: Question,
): Promise<S | undefined> {
  if (id !== undefined) {
    const known = all.find((session) => session.id === id);
    if (known === undefined) throw new SignInError('signInNeeded', { operation: 'session' });
    return known;
  }
  if (all.length === 0) void showInformation(none ?? l10n.t('You’re not signed in.'));
  if (all.length <= 1) return all[0];
  const chosen = await showList(
    all.map((session) => {
      const row = describeSession(session, all);
      const detail = [noteOf?.(session), row.detail].filter((part) => part !== undefined).join(' · ');
      return { ...row, ...(detail === '' ? {} : { detail }), session };
    }),
    { title, placeHolder },
  );
  return chosen?.session;
}
