import { l10n } from 'vscode';
import { SignInError } from '../core/oauth/errors.ts';
import type { Session } from '../core/session/session.ts';
import { describeSession } from './format/formatSession.ts';
import { showInformation } from './ui/messages.ts';
import { showList } from './ui/quickPick.ts';

interface Words {
  /** The question, where there are several. */
  readonly placeHolder: string;
  /** What is said where there is none; that one is not signed in, unless told. */
  readonly none?: string;
}

/**
 * One of these sessions: the one of that id, the only one, or the one the person chooses; undefined where there is none,
 * which is said, or none was chosen.
 * @throws SignInError `signInNeeded` when none has the id
 */
export async function chooseSession<S extends Session>(
  all: readonly S[],
  id: unknown,
  { placeHolder, none }: Words,
): Promise<S | undefined> {
  if (id !== undefined) {
    const known = all.find((session) => session.id === id);
    if (known === undefined) throw new SignInError('signInNeeded', { operation: 'session' });
    return known;
  }
  if (all.length === 0) void showInformation(none ?? l10n.t('You’re not signed in.'));
  if (all.length <= 1) return all[0];
  const chosen = await showList(
    all.map((session) => ({ ...describeSession(session, all), session })),
    { placeHolder },
  );
  return chosen?.session;
}
