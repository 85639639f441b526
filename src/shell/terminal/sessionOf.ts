import { SignInError } from '../../core/oauth/errors.ts';
import type { Session } from '../../core/session/session.ts';
import type { Sessions } from '../../core/session/sessions.ts';

/**
 * The session with this ID, as it is stored now.
 * @throws SignInError `signInNeeded` if it is gone
 */
export async function sessionOf(sessions: Pick<Sessions, 'list'>, id: string): Promise<Session> {
  const found = (await sessions.list()).sessions.find((one) => one.id === id);
  if (found === undefined) throw new SignInError('signInNeeded', { operation: 'session' });
  return found;
}
