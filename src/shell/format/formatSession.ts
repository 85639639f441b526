import { env, l10n } from 'vscode';
import { addressOf } from '../../core/connection/connection.ts';
import { SignInError } from '../../core/oauth/errors.ts';
import type { LostSession, Session, SessionEnd } from '../../core/session/session.ts';
import type { FailedAttempt } from '../../core/session/refreshPolicy.ts';
import { isDefault } from '../../features/defaultSession.ts';
import type { ShellContext } from '../context.ts';
import { approximateTimeLeft } from '../ui/duration.ts';
import { errorMessage } from '../errorMessages.ts';
import type { ErrorMessage } from '../errorMessages.ts';
import { providerOf } from '../providers/index.ts';
import type { ListRow } from '../ui/quickPick.ts';

/**
 * The person of a session, including a lost one, or the connection's name if its tokens do not identify one;
 * never a host.
 */
export function nameOf(one: Session | LostSession): string {
  return personOf(one) ?? one.connection.name;
}

/** The login, or the name that the user entered; undefined if neither is known. */
function personOf(one: Session | LostSession): string | undefined {
  return 'account' in one ? one.account.name : one.accountName;
}

/** A sentence about who is signed in. */
export function signedInText(session: Session): string {
  const person = personOf(session);
  return person === undefined
    ? l10n.t('Signed in to {0}', session.connection.name)
    : l10n.t('Signed in as {0}', person);
}

/** A sentence about who is signed in with these sessions of one connection; undefined without any. */
export function signedInAs(sessions: readonly Session[]): string | undefined {
  if (sessions.length === 0) return undefined;
  const people = sessions.flatMap((session) => personOf(session) ?? []);
  return people.length === 0 ? l10n.t('Signed in') : l10n.t('Signed in as {0}', people.join(', '));
}

/**
 * The text beside a session's name: the connection, or its type if the name is already the connection's; and
 * the place.
 */
export function besideName(one: Session | LostSession): string {
  const { connection } = one;
  const what = personOf(one) === undefined ? providerOf(connection).nameOf(connection) : connection.name;
  return nameOf(one).startsWith(what) ? placeOf(one) : `${what} · ${placeOf(one)}`;
}

/** The name of a session with its connection, for a title. */
export function fullNameOf(one: Session | LostSession): string {
  const { connection } = one;
  return personOf(one) === undefined ? connection.name : `${nameOf(one)} (${connection.name})`;
}

/** The reason why a session is lost. In a browser, VS Code keeps secrets in the browser's own storage. */
export function lostText(
  { editorEnvironment }: Pick<ShellContext, 'editorEnvironment'>,
  { isUnreadable }: Pick<LostSession, 'isUnreadable'>,
): string {
  if (isUnreadable === true) return l10n.t('Your saved sign-in can’t be read.');
  const { ui, remoteName } = editorEnvironment;
  if (ui === 'desktop') return l10n.t('Your saved sign-in is no longer in the system keychain.');
  // VS Code in a browser keeps secrets there; Eclipse Theia, which has no remote name, keeps them on its
  // server.
  return remoteName === undefined
    ? l10n.t('Your saved sign-in is no longer on the server.')
    : l10n.t('Your saved sign-in is no longer in this browser.');
}

/** A lost session as a list row: person, place, and the reason. */
export function describeLost(context: Pick<ShellContext, 'editorEnvironment'>, lost: LostSession): ListRow {
  return {
    icon: 'warning',
    label: nameOf(lost),
    description: besideName(lost),
    detail: lostText(context, lost),
  };
}

/** Sorts sessions for display: preferred ones first, the others by name. */
export function inOrder<T extends Session | LostSession>(sessions: readonly T[]): T[] {
  const preference = (one: T): number => ('preferredAt' in one ? (one.preferredAt ?? 0) : 0);
  return sessions.toSorted(
    (one, other) => preference(other) - preference(one) || nameOf(one).localeCompare(nameOf(other)),
  );
}

/** The name of a session, marked as the default if extensions get this one of several. */
export function labelOf(session: Session, all: readonly Session[]): string {
  return isDefault(session, all) ? l10n.t('{0} (default)', nameOf(session)) : nameOf(session);
}

/** A session as a list row: person, place, and expiration or reason for the end. */
export function describeSession(session: Session, all: readonly Session[]): ListRow {
  const { ended } = session;
  return {
    icon: ended === undefined ? 'account' : 'warning',
    label: labelOf(session, all),
    description: besideName(session),
    detail: ended === undefined ? expirationText(session) : endOf(ended).title,
  };
}

/** The last failed renewal and its reason. */
export function failureOf({ at, error }: FailedAttempt): string {
  return l10n.t('Couldn’t renew at {0}: {1}', timeText(at), errorMessage(error).title);
}

/** When a session expires; with a time only if the user has to act by then. */
export function expirationText({ tokenSet }: Session): string {
  const { expiresAt, refreshToken } = tokenSet;
  if (refreshToken !== undefined) return l10n.t('Renews automatically');
  const left = expiresAt - Date.now();
  return left <= 0
    ? l10n.t('Expired')
    : l10n.t('Expires at {0} ({1} left)', timeText(expiresAt), approximateTimeLeft(left));
}

/** A time of today without its date, any other with it. */
export function timeText(moment: number): string {
  const date = new Date(moment);
  const isToday = date.toDateString() === new Date().toDateString();
  const time = { hour: 'numeric', minute: '2-digit' } as const;
  return isToday
    ? date.toLocaleTimeString(env.language, time)
    : date.toLocaleString(env.language, { dateStyle: 'medium', timeStyle: 'short' });
}

/** How a session ended: time, who reported it, and what to do; in one line, so without the request ID. */
export function shortEndText(end: SessionEnd): ErrorMessage {
  const { requestId, ...short } = end;
  return endOf(requestId === undefined ? end : short);
}

/** How a session ended: time, who reported it and how, and what to do. */
export function endOf({ at, kind, ...details }: SessionEnd): ErrorMessage {
  const { title, cause, next } = errorMessage(new SignInError(kind, details));
  return { title: l10n.t('Ended {0}: {1}', timeText(at), title), cause, next };
}

/** The host of a session's issuer or start URL, for a sentence. */
export function hostOf({ connection }: Pick<Session | LostSession, 'connection'>): string {
  return new URL(addressOf(connection).address).host;
}

/** The place beside a connection's name: the host of an issuer, or the region of an Identity Center. */
export function placeOf({ connection }: Pick<Session | LostSession, 'connection'>): string {
  return providerOf(connection).placeOf(connection);
}
