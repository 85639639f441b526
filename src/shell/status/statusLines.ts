import { l10n } from 'vscode';
import type { Memento } from 'vscode';
import type { Session } from '../../core/session/session.ts';
import type { ShellContext } from '../context.ts';
import { besideName, endOf, failureOf, expirationText, timeText } from '../format/formatSession.ts';
import { typicalEnd } from './typicalEnds.ts';

/** The place and state of a session, line by line: expiration or reason for the end, failures, and its usual end. */
export function statusLines({ sessions, memento }: ShellContext, session: Session): string[] {
  const { ended } = session;
  const failed = sessions.lastFailure(session.id);
  return [
    besideName(session),
    ended === undefined ? expirationText(session) : endOf(ended).title,
    ...(ended === undefined && failed !== undefined ? [failureOf(failed)] : []),
    ...typicalEndLines(memento, session),
  ];
}

/** A line about the usual end, if it is known and in the future. */
export function typicalEndLines(memento: Memento, session: Session): string[] {
  const usual = typicalEnd(memento, session);
  if (session.ended !== undefined || usual === undefined || usual.at <= Date.now()) return [];
  return [l10n.t('usually expires at {0}', timeText(usual.at))];
}
