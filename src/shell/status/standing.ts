import { l10n } from 'vscode';
import type { Memento } from 'vscode';
import type { Session } from '../../core/session/session.ts';
import type { ShellContext } from '../context.ts';
import { beside, endOf, failureOf, lifeOf, momentText } from '../format/formatSession.ts';
import { usualEnd } from './typicalEnds.ts';

/** Where it is and how it stands, a line each: until when, or why it ended, what failed, and when it usually ends. */
export function standingOf({ sessions, memento }: ShellContext, session: Session): string[] {
  const { ended } = session;
  const failed = sessions.lastFailure(session.id);
  return [
    beside(session),
    ended === undefined ? lifeOf(session) : endOf(ended).title,
    ...(ended === undefined && failed !== undefined ? [failureOf(failed)] : []),
    ...usualEndOf(memento, session),
  ];
}

/** When it usually ends, as a line, where that is known and still to come. */
export function usualEndOf(memento: Memento, session: Session): string[] {
  const usual = usualEnd(memento, session);
  if (session.ended !== undefined || usual === undefined || usual.at <= Date.now()) return [];
  return [l10n.t('usually expires at {0}', momentText(usual.at))];
}
