import { forAwsCli } from '../../features/awsCli.ts';
import { l10n } from 'vscode';
import { isExpiryWarningDue } from '../../features/expiryWarning.ts';
import { nextStatusChange, sessionStatus } from '../../features/sessionStatus.ts';
import type { SessionStatus } from '../../features/sessionStatus.ts';
import type { LostSession, Session } from '../../core/session/session.ts';
import type { StoredSessions } from '../../core/session/sessionStore.ts';
import type { ShellContext, PendingSignIn } from '../context.ts';
import { ExpiryWarnings } from './expiryWarnings.ts';
import { besideName, inOrder, labelOf, lostText, nameOf } from '../format/formatSession.ts';
import { statusLines } from './statusLines.ts';
import { recordEndedSessions } from './typicalEnds.ts';
import { spellOut } from '../ui/spellOut.ts';
import type { StatusBarEntry } from '../ui/statusBarItem.ts';
import { joinSentences } from '../../output/joinSentences.ts';

/** The content of the status bar item, and its timed actions. */
export class StatusItem implements Disposable {
  readonly #item: StatusBarEntry;
  readonly #context: ShellContext;
  readonly #warnings: ExpiryWarnings;

  constructor(item: StatusBarEntry, context: ShellContext) {
    this.#item = item;
    this.#context = context;
    this.#warnings = new ExpiryWarnings(context);
  }

  [Symbol.dispose](): void {
    this.#warnings[Symbol.dispose]();
  }

  /**
   * Shows the state of the stored sessions.
   * @returns milliseconds until that changes without an event; undefined for never
   */
  show(stored: StoredSessions): number | undefined {
    const { memento, sessions, signIns } = this.#context;
    const now = Date.now();
    const status = sessionStatus(now, stored, (id) => sessions.lastFailure(id));
    this.#present(
      withSignIns(appearanceOf(status), status, signIns.all),
      this.#accounts(status),
      signIns.all,
    );
    void recordEndedSessions(memento, stored.sessions);
    for (const session of stored.sessions) {
      if (isExpiryWarningDue(now, session)) void this.#warnings.warn(session);
      if (needsPauseQuestion(session)) void askAboutPause(this.#context, session);
    }
    const next = nextStatusChange(now, stored);
    return next === undefined ? undefined : next - now;
  }

  /** Sets the item. Screen readers get the hover's content as sentences. */
  #present(
    { icon, text, state, needsAction = false, isBusy = false }: Appearance,
    people: readonly Person[],
    pending: readonly PendingSignIn[],
  ): void {
    const codes = pending.flatMap(({ code }) => code() ?? []);
    const spoken = people.map(({ who, lines }) => `${who}: ${lines.join(', ').replace(/\.$/, '')}.`);
    this.#item.show({
      icon,
      text,
      hover: [{ lines: [state] }, ...people.map(({ who, lines }) => ({ heading: who, lines }))],
      // List rows have no separate text for screen readers, so the spelled-out code is here.
      spoken: joinSentences(
        `${l10n.t('Developer Sign-In')}: ${state}`,
        ...codes.map((code) => l10n.t('Code: {0}.', spellOut(code))),
        ...spoken,
      ),
      isWarning: needsAction,
      isBusy,
    });
  }

  #accounts({ sessions, lost }: SessionStatus): Person[] {
    return [
      ...inOrder(sessions).map((session) => ({
        who: labelOf(session, sessions),
        lines: statusLines(this.#context, session),
      })),
      ...lost.map((one) => ({ who: nameOf(one), lines: [besideName(one), lostText(this.#context, one)] })),
    ];
  }
}

/** Whether sharing with the AWS CLI was paused and the user has not been asked yet. */
function needsPauseQuestion(session: Session): boolean {
  const { awsCli } = forAwsCli(session) ?? {};
  return awsCli?.paused !== undefined && awsCli.asked !== true;
}

async function askAboutPause(context: ShellContext, session: Session): Promise<void> {
  const { askAboutPausedSharing } = await import('../awsCli/pausedSharing.ts');
  await askAboutPausedSharing(context, session);
}

interface Appearance {
  readonly icon: string;
  readonly text: string;
  /** The state as a sentence. */
  readonly state: string;
  readonly needsAction?: boolean;
  /** Whether a sign-in is in progress. */
  readonly isBusy?: boolean;
}

/** An account in the tooltip, with its place and expiration. */
interface Person {
  readonly who: string;
  readonly lines: readonly string[];
}

/** Adds sign-ins in progress to the state of the existing accounts. */
function withSignIns(
  appearance: Appearance,
  { state }: SessionStatus,
  pending: readonly PendingSignIn[],
): Appearance {
  if (pending.length === 0) return appearance;
  if (state === 'signedOut') {
    const text = l10n.t('Signing in…');
    return { icon: 'loading~spin', text, state: l10n.t('Signing in… Click for options.') };
  }
  const names = pending.map(({ connection }) => connection.name).join(', ');
  return {
    ...appearance,
    state: joinSentences(appearance.state, l10n.t('Signing in to {0}.', names)),
    isBusy: true,
  };
}

/**
 * Whether a session has ended. One whose refresh is refused for a reason that an administrator can fix, such as
 * a disabled key, is kept.
 */
function hasEnded(one: Session | LostSession): boolean {
  return !('tokenSet' in one) || one.ended !== undefined || one.tokenSet.refreshToken === undefined;
}

function appearanceOf({ state, sessions, needed }: SessionStatus): Appearance {
  const [first] = sessions;
  const who =
    first === undefined || sessions.length > 1 ? l10n.t('{0} accounts', sessions.length) : nameOf(first);
  const over = needed.filter(hasEnded).length;
  switch (state) {
    case 'signedOut':
    case 'signedIn':
    case 'several':
      return { icon: 'account', text: who, state: l10n.t('Click to manage accounts.') };
    case 'needsYou':
      return {
        icon: 'warning',
        text: over > 0 ? l10n.t('Sign In Again') : l10n.t('Sign-in needs attention'),
        state:
          over > 1
            ? l10n.t('{0} sessions have ended. Click to sign in again.', over)
            : over === 1
              ? l10n.t('A session has ended. Click to sign in again.')
              : l10n.t(
                  'A token can’t be refreshed until you or an administrator takes action. Click to see why.',
                ),
        needsAction: true,
      };
    case 'notRefreshed':
      return {
        icon: 'sync-ignored',
        text: who,
        state: l10n.t(
          'The token can’t be refreshed right now. VS Code keeps trying, and you stay signed in.',
        ),
      };
    case 'offline':
      return {
        icon: 'debug-disconnect',
        text: l10n.t('{0} (offline)', who),
        state: l10n.t('You’re offline. You stay signed in, and your sessions renew when you’re back online.'),
      };
  }
}
