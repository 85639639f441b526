import { env, l10n } from 'vscode';
import { addressOf } from '../../core/connection/connection.ts';
import { SignInError } from '../../core/oauth/errors.ts';
import type { LostSession, Session, SessionEnd } from '../../core/session/session.ts';
import type { FailedAttempt } from '../../core/session/refreshPolicy.ts';
import { isDefault } from '../../features/defaultSession.ts';
import type { ShellContext } from '../context.ts';
import { roughTimeLeft } from '../ui/duration.ts';
import { errorMessage } from '../errorMessages.ts';
import type { ErrorMessage } from '../errorMessages.ts';
import { providerOf } from '../providers/index.ts';
import type { ListRow } from '../ui/quickPick.ts';

/** Who it is: the person, or the connection where its tokens do not say; never a host. Also of a session that is lost. */
export function nameOf(one: Session | LostSession): string {
  return personOf(one) ?? one.connection.name;
}

/** The login, or the name that the person gave; undefined where neither is known. */
function personOf(one: Session | LostSession): string | undefined {
  return 'account' in one ? one.account.name : one.accountName;
}

/** Who is signed in, in a sentence. */
export function signedInText(session: Session): string {
  const person = personOf(session);
  return person === undefined
    ? l10n.t('Signed in to {0}', session.connection.name)
    : l10n.t('Signed in as {0}', person);
}

/** Who is signed in with these sessions of one connection; undefined for none. */
export function signedInAs(sessions: readonly Session[]): string | undefined {
  if (sessions.length === 0) return undefined;
  const people = sessions.flatMap((session) => personOf(session) ?? []);
  return people.length === 0 ? l10n.t('Signed in') : l10n.t('Signed in as {0}', people.join(', '));
}

/** What stands beside the name: the connection, or its kind where the name is the connection's already; and where it is. */
export function beside(one: Session | LostSession): string {
  const { connection } = one;
  const what = personOf(one) === undefined ? providerOf(connection).nameOf(connection) : connection.name;
  return nameOf(one).startsWith(what) ? placeOf(one) : `${what} · ${placeOf(one)}`;
}

/** The name with what it belongs to, for a title. */
export function nameInFull(one: Session | LostSession): string {
  const { connection } = one;
  return personOf(one) === undefined ? connection.name : `${nameOf(one)} (${connection.name})`;
}

/** Why a session is lost. In a browser, VS Code keeps secrets in the browser's own storage. */
export function lostText({ editorEnvironment }: Pick<ShellContext, 'editorEnvironment'>): string {
  const { ui, remoteName } = editorEnvironment;
  if (ui === 'desktop') return l10n.t('Your saved sign-in is no longer in the system keychain.');
  // VS Code in a browser keeps secrets there; Eclipse Theia, which has no remote name, leaves them to its server.
  return remoteName === undefined
    ? l10n.t('Your saved sign-in is no longer on the server.')
    : l10n.t('Your saved sign-in is no longer in this browser.');
}

/** A lost session as a row of a list: who, where, and what became of it. */
export function describeLost(context: Pick<ShellContext, 'editorEnvironment'>, lost: LostSession): ListRow {
  return {
    icon: 'warning',
    label: nameOf(lost),
    description: beside(lost),
    detail: lostText(context),
  };
}

/** Sessions as a person looks for them: the preferred ones first, the others by their names. */
export function inOrder<T extends Session | LostSession>(sessions: readonly T[]): T[] {
  const preference = (one: T): number => ('preferredAt' in one ? (one.preferredAt ?? 0) : 0);
  return sessions.toSorted(
    (one, other) => preference(other) - preference(one) || nameOf(one).localeCompare(nameOf(other)),
  );
}

/** Who it is, with a mark for the one of several of its provider that extensions get. */
export function labelOf(session: Session, all: readonly Session[]): string {
  return isDefault(session, all) ? l10n.t('{0} (default)', nameOf(session)) : nameOf(session);
}

/** A session as a row of a list: who, where, until when, or why it ended. */
export function describeSession(session: Session, all: readonly Session[]): ListRow {
  const { ended } = session;
  return {
    icon: ended === undefined ? 'account' : 'warning',
    label: labelOf(session, all),
    description: beside(session),
    detail: ended === undefined ? lifeOf(session) : endOf(ended).title,
  };
}

/** The last try to renew it, and why it failed. */
export function failureOf({ at, error }: FailedAttempt): string {
  return l10n.t('Couldn’t renew at {0}: {1}', momentText(at), errorMessage(error).title);
}

/** Whether it goes on by itself; a time only where a person has to act then. */
export function lifeOf({ tokenSet }: Session): string {
  const { expiresAt, refreshToken } = tokenSet;
  if (refreshToken !== undefined) return l10n.t('Renews automatically');
  const left = expiresAt - Date.now();
  return left <= 0
    ? l10n.t('Expired')
    : l10n.t('Expires at {0} ({1} left)', momentText(expiresAt), roughTimeLeft(left));
}

/** A moment of today as its time, any other with its date. */
export function momentText(moment: number): string {
  const date = new Date(moment);
  const isToday = date.toDateString() === new Date().toDateString();
  const time = { hour: 'numeric', minute: '2-digit' } as const;
  return isToday
    ? date.toLocaleTimeString(env.language, time)
    : date.toLocaleString(env.language, { dateStyle: 'medium', timeStyle: 'short' });
}

/** When a session ended, who said so and in which words, and what to do; of one line, which the request ID would fill. */
export function endInShort(end: SessionEnd): ErrorMessage {
  const { requestId, ...short } = end;
  return endOf(requestId === undefined ? end : short);
}

/** When a session ended, who said so and in which words, and what to do. */
export function endOf({ at, kind, ...details }: SessionEnd): ErrorMessage {
  const { title, cause, next } = errorMessage(new SignInError(kind, details));
  return { title: l10n.t('Ended {0}: {1}', momentText(at), title), cause, next };
}

/** The host that it belongs to, for a sentence: of its issuer, or of the start URL. */
export function hostOf({ connection }: Pick<Session | LostSession, 'connection'>): string {
  return new URL(addressOf(connection).address).host;
}

/** Where it is, beside the connection's name: the host of an issuer, or the region of an Identity Center. */
export function placeOf({ connection }: Pick<Session | LostSession, 'connection'>): string {
  return providerOf(connection).placeOf(connection);
}
