import { env, l10n } from 'vscode';
import type { QuickPickItem } from 'vscode';
import { SignInError } from '../core/errors.ts';
import type { Session, SessionEnd } from '../core/session/session.ts';
import { errorWords } from './errorWords.ts';
import type { ErrorWords } from './errorWords.ts';

/** A session as a row of a list: who, where, until when, or why it ended. */
export function describeSession(session: Session): QuickPickItem {
  const { account, connection, ended, tokenSet } = session;
  return {
    label: `${ended === undefined ? '$(account)' : '$(warning)'} ${account.label}`,
    description: `${connection.name} · ${placeOf(session)}`,
    detail: ended === undefined ? `${lifeOf(session)} · ${scopesText(tokenSet.scopes)}` : endOf(ended).title,
  };
}

/** Until when the token is good, and what comes then. */
export function lifeOf({ tokenSet }: Session): string {
  const { expiresAt, refreshToken } = tokenSet;
  const isOver = expiresAt <= Date.now();
  if (refreshToken === undefined) {
    return isOver
      ? l10n.t('over: sign in again')
      : l10n.t('good until {0}, then sign in again', momentText(expiresAt));
  }
  return isOver
    ? l10n.t('renewed when needed')
    : l10n.t('good until {0}, then renewed', momentText(expiresAt));
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

/** When a session ended, who said so and in which words, and what to do. */
export function endOf({ at, kind, ...facts }: SessionEnd): ErrorWords {
  const { title, cause, next } = errorWords(new SignInError(kind, facts));
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

/** Where it is, beside the connection's name: Okta's host, or the region of the Identity Center. */
export function placeOf({ connection }: Pick<Session, 'connection'>): string {
  return connection.type === 'okta' ? new URL(connection.issuer).host : connection.region;
}
