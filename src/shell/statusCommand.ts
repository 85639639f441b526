import { env, l10n, QuickPickItemKind, window } from 'vscode';
import type { QuickPickItem } from 'vscode';
import { errorEffects, findSignInError, SignInError } from '../core/errors.ts';
import type { Session, SessionEnd } from '../core/session/session.ts';
import type { ShellContext } from './context.ts';
import { errorWords } from './errorWords.ts';
import type { ErrorWords } from './errorWords.ts';
import { sayError, signInCommand, signInForPerson } from './signInCommands.ts';

interface Choice extends QuickPickItem {
  readonly choose?: () => Promise<unknown>;
}

/** *Show sign-in status*: who, where, which scopes, until when, and what can be done. */
export async function showStatus(context: ShellContext): Promise<void> {
  if (context.signIns.underWay) {
    context.signIns.show();
    return;
  }
  const { sessions, lost } = await context.sessions.list();
  const ways: Choice[] = [
    {
      label: `$(add) ${l10n.t('Sign in with IAM Identity Center')}`,
      choose: () => signInCommand(context, 'identityCenter', undefined),
    },
    {
      label: `$(add) ${l10n.t('Sign in with AWS Builder ID')}`,
      choose: () => signInCommand(context, 'builderId', undefined),
    },
    {
      label: `$(add) ${l10n.t('Sign in with Okta')}`,
      choose: () => signInCommand(context, 'okta', undefined),
    },
  ];
  const items: Choice[] = [
    ...sessions.map((session) => ({ ...describe(session), choose: () => showActions(context, session) })),
    ...lost.map((one) => ({
      label: `$(warning) ${one.accountLabel}`,
      description: one.connection.name,
      detail: l10n.t('The keyring of this system lost this sign-in. Select to sign in again.'),
      choose: () => signInForPerson(context, one.connection),
    })),
    { label: '', kind: QuickPickItemKind.Separator },
    ...ways,
  ];
  const placeHolder =
    sessions.length + lost.length === 0
      ? l10n.t('Nobody is signed in')
      : l10n.t('Select a sign-in to see what you can do with it');
  const chosen = await window.showQuickPick(items, {
    title: l10n.t('Sign-in status'),
    placeHolder,
    matchOnDescription: true,
    matchOnDetail: true,
  });
  await chosen?.choose?.();
}

/** *Sign out*: the session of that id, or the only one, or the one the person chooses. */
export async function signOut(context: ShellContext, id: string | undefined): Promise<void> {
  const session = await chooseSession(context, id, l10n.t('Sign out of which sign-in?'));
  if (session === undefined) return;
  const { notConfirmed } = await context.sessions.signOut(session.id, new AbortController().signal);
  if (notConfirmed === undefined) return;
  void window.showWarningMessage(
    l10n.t(
      'You are signed out here, and the tokens are removed. {0} did not confirm that the session ended there; it ends by itself.',
      hostOf(session),
    ),
  );
}

/** *Refresh sign-in now*, as {@link signOut} chooses. */
export async function refreshNow(context: ShellContext, id: string | undefined): Promise<void> {
  const session = await chooseSession(context, id, l10n.t('Refresh which sign-in?'));
  if (session === undefined) return;
  try {
    await context.sessions.refresh(session.id, new AbortController().signal);
  } catch (error) {
    if (id !== undefined) throw error;
    await sayRefreshError(context, session, error);
  }
}

/** A session that is over is not refreshed by another try: the way on is a new sign-in. */
async function sayRefreshError(context: ShellContext, session: Session, error: unknown): Promise<void> {
  const kind = findSignInError(error)?.kind;
  const { connection, tokenSet } = session;
  if (kind !== undefined && (kind === 'signInNeeded' || errorEffects[kind].session === 'over'))
    await sayError(
      error,
      () => signInForPerson(context, connection, { scopes: tokenSet.scopes }),
      l10n.t('Sign in again'),
    );
  else await sayError(error, () => refreshNow(context, session.id).catch(sayError));
}

async function chooseSession(
  { sessions }: ShellContext,
  id: string | undefined,
  placeHolder: string,
): Promise<Session | undefined> {
  const { sessions: all } = await sessions.list();
  if (id !== undefined) {
    const known = all.find((session) => session.id === id);
    if (known === undefined) throw new SignInError('signInNeeded', { operation: 'session' });
    return known;
  }
  if (all.length === 0) void window.showInformationMessage(l10n.t('Nobody is signed in.'));
  if (all.length <= 1) return all[0];
  const chosen = await window.showQuickPick(
    all.map((session) => ({ ...describe(session), session })),
    { placeHolder },
  );
  return chosen?.session;
}

async function showActions(context: ShellContext, session: Session): Promise<void> {
  const { account, connection, ended, tokenSet } = session;
  const { scopes } = tokenSet;
  const again: Choice = {
    label: `$(sign-in) ${l10n.t('Sign in again')}`,
    choose: () => signInForPerson(context, connection, { scopes }),
  };
  const someoneElse: Choice = {
    label: `$(person-add) ${l10n.t('Sign in as someone else')}`,
    detail: l10n.t('Okta asks for the sign-in again, even if the browser remembers you.'),
    choose: () => signInForPerson(context, connection, { prompt: 'login' }),
  };
  const refresh: Choice = {
    label: `$(sync) ${l10n.t('Refresh now')}`,
    choose: () =>
      refreshNow(context, session.id).catch((error: unknown) => sayRefreshError(context, session, error)),
  };
  const reason: Choice[] = ended === undefined ? [] : [reasonOf(ended)];
  const actions: Choice[] = [
    ...reason,
    ...(ended === undefined && tokenSet.refreshToken !== undefined ? [refresh] : [again]),
    ...(connection.type === 'okta' ? [someoneElse] : []),
    { label: `$(sign-out) ${l10n.t('Sign out')}`, choose: () => signOut(context, session.id) },
  ];
  const chosen = await window.showQuickPick(actions, {
    title: `${account.label} (${connection.name})`,
    placeHolder: ended === undefined ? lifeOf(session) : l10n.t('A new sign-in is needed'),
  });
  await chosen?.choose?.();
}

/** Why it ended, as a line of its own: what to do stands below it. */
function reasonOf(ended: SessionEnd): Choice {
  const { title, next } = endOf(ended);
  return { label: `$(warning) ${title}`, detail: next };
}

function describe(session: Session): QuickPickItem {
  const { account, connection, ended, tokenSet } = session;
  return {
    label: `${ended === undefined ? '$(account)' : '$(warning)'} ${account.label}`,
    description: `${connection.name} · ${hostOf(session)}`,
    detail: ended === undefined ? `${lifeOf(session)} · ${scopesText(tokenSet.scopes)}` : endOf(ended).title,
  };
}

/** Until when the token is good, and what comes then. */
function lifeOf({ tokenSet }: Session): string {
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
function momentText(moment: number): string {
  const date = new Date(moment);
  const isToday = date.toDateString() === new Date().toDateString();
  const time = { hour: '2-digit', minute: '2-digit' } as const;
  return isToday
    ? date.toLocaleTimeString(env.language, time)
    : date.toLocaleString(env.language, { dateStyle: 'medium', timeStyle: 'short' });
}

/** When a session ended, who said so and in which words, and what to do. */
function endOf({ at, kind, ...facts }: SessionEnd): ErrorWords {
  const { title, next } = errorWords(new SignInError(kind, facts));
  return { title: l10n.t('Ended {0}: {1}', momentText(at), title), next };
}

/** Scopes in one line: those of one service share its name, `codewhisperer:completions,conversations`. */
function scopesText(scopes: readonly string[]): string {
  const services = new Map<string, string[]>();
  for (const scope of scopes) {
    const colon = scope.indexOf(':');
    const service = scope.slice(0, colon + 1);
    services.set(service, [...(services.get(service) ?? []), scope.slice(colon + 1)]);
  }
  return [...services].map(([service, names]) => service + names.join(service === '' ? ' ' : ',')).join(' ');
}

/** Where it is, beside the connection's name: Okta's host, or the region of the Identity Center. */
function hostOf({ connection }: Session): string {
  return connection.type === 'okta' ? new URL(connection.issuer).host : connection.region;
}
