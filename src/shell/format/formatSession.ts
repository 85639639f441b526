import { env, l10n } from 'vscode';
import { SignInError } from '../../core/oauth/errors.ts';
import type { LostSession, Session, SessionEnd } from '../../core/session/session.ts';
import type { FailedAttempt } from '../../core/session/refreshPolicy.ts';
import type { ShellContext } from '../context.ts';
import { roughTimeLeft } from '../ui/duration.ts';
import { errorWords } from '../errorMessages.ts';
import type { ErrorWords } from '../errorMessages.ts';
import { providerOf } from '../providers/index.ts';
import type { ListRow } from '../ui/quickPick.ts';

/** The account in short, for places that show the connection beside it; also of a session that is lost. */
export function nameOf(one: Session | LostSession): string {
  return 'account' in one ? (one.account.name ?? one.account.label) : (one.accountName ?? one.accountLabel);
}

/** Why a session is lost. In a browser, VS Code keeps secrets in the browser's own storage. */
export function lostText({ hostFacts }: Pick<ShellContext, 'hostFacts'>): string {
  return hostFacts.ui === 'web'
    ? l10n.t('Your saved sign-in is no longer in this browser.')
    : l10n.t('Your saved sign-in is no longer in the system keychain.');
}

/** A lost session as a row of a list: who, where, and what became of it. */
export function describeLost(context: Pick<ShellContext, 'hostFacts'>, lost: LostSession): ListRow {
  return {
    icon: 'warning',
    label: nameOf(lost),
    description: `${lost.connection.name} · ${placeOf(lost)}`,
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

/** Who it is, with a mark for the one that comes first among several of its provider. */
export function labelOf(session: Session, all: readonly Session[]): string {
  const { id, type, preferredAt = 0 } = session;
  const others = all.filter((other) => other.type === type && other.id !== id);
  const isFirst = preferredAt > Math.max(0, ...others.map((other) => other.preferredAt ?? 0));
  return isFirst && others.length > 0 ? l10n.t('{0} (preferred)', nameOf(session)) : nameOf(session);
}

/** A session as a row of a list: who, where, until when, or why it ended. */
export function describeSession(session: Session, all: readonly Session[]): ListRow {
  const { connection, ended, tokenSet } = session;
  return {
    icon: ended === undefined ? 'account' : 'warning',
    label: labelOf(session, all),
    description: `${connection.name} · ${placeOf(session)}`,
    detail: ended === undefined ? `${lifeOf(session)} · ${scopesText(tokenSet.scopes)}` : endOf(ended).title,
  };
}

/** The last try to renew it, and why it failed. */
export function failureOf({ at, error }: FailedAttempt): string {
  return l10n.t('could not be renewed at {0}: {1}', momentText(at), errorWords(error).title);
}

/** Until when the token is good, and what comes then. */
export function lifeOf({ tokenSet }: Session): string {
  const { expiresAt, refreshToken } = tokenSet;
  const left = expiresAt - Date.now();
  const until = l10n.t('{0} ({1} left)', momentText(expiresAt), roughTimeLeft(left));
  if (refreshToken === undefined)
    return left <= 0 ? l10n.t('over: sign in again') : l10n.t('good until {0}, then sign in again', until);
  return left <= 0 ? l10n.t('renewed when needed') : l10n.t('good until {0}, then renewed', until);
}

/** A moment of today as its time, any other with its date. */
export function momentText(moment: number): string {
  const date = new Date(moment);
  const isToday = date.toDateString() === new Date().toDateString();
  const time = { hour: '2-digit', minute: '2-digit' } as const;
  return isToday
    ? date.toLocaleTimeString(env.language, time)
    : date.toLocaleString(env.language, { dateStyle: 'medium', timeStyle: 'short' });
}

/** When a session ended, who said so and in which words, and what to do; of one line, which the request ID would fill. */
export function endInShort(end: SessionEnd): ErrorWords {
  const { requestId, ...short } = end;
  return endOf(requestId === undefined ? end : short);
}

/** When a session ended, who said so and in which words, and what to do. */
export function endOf({ at, kind, ...details }: SessionEnd): ErrorWords {
  const { title, cause, next } = errorWords(new SignInError(kind, details));
  return { title: l10n.t('Ended {0}: {1}', momentText(at), title), cause, next };
}

/** Scopes in one line: those of one service share its name, `codewhisperer:completions,conversations`. */
export function scopesText(scopes: readonly string[]): string {
  const services = new Map<string, string[]>();
  for (const scope of scopes) {
    const colon = scope.indexOf(':');
    const service = scope.slice(0, colon + 1);
    services.set(service, [...(services.get(service) ?? []), scope.slice(colon + 1)]);
  }
  return [...services].map(([service, names]) => service + names.join(service === '' ? ' ' : ',')).join(' ');
}

/** Where it is, beside the connection's name: the host of an issuer, or the region of an Identity Center. */
export function placeOf({ connection }: Pick<Session | LostSession, 'connection'>): string {
  return providerOf(connection).placeOf(connection);
}
