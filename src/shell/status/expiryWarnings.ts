import { l10n, window } from 'vscode';
import type { Session } from '../../core/session/session.ts';
import type { ShellContext } from '../context.ts';
import { timeText, fullNameOf } from '../format/formatSession.ts';
import { withProgressNotification } from '../ui/messages.ts';
import type { ProgressNotification } from '../ui/messages.ts';
import { claimExpiryWarning } from '../../features/sessionMarks.ts';

/** Time that a window without focus leaves the warning to the focused one, in milliseconds. */
const backgroundDelayMilliseconds = 5000;
/** Number of steps in which the message's progress bar moves. */
const steps = 60;

/**
 * Warns the user, once across all windows, that a session will expire and cannot be refreshed, for as long as
 * that is true.
 */
export class ExpiryWarnings implements Disposable {
  readonly #context: ShellContext;
  readonly #known = new Set<string>();
  readonly #life = new AbortController();

  constructor(context: ShellContext) {
    this.#context = context;
  }

  [Symbol.dispose](): void {
    this.#life.abort();
  }

  /** Shows the warning, unless this or another window has. Resolves when the message is closed. Never rejects. */
  async warn(session: Session): Promise<void> {
    const { sessions, log } = this.#context;
    const token = `${session.id} ${session.tokenSet.expiresAt}`;
    if (this.#known.has(token)) return;
    this.#known.add(token);
    try {
      if (!window.state.focused)
        await this.#wait(Math.min(backgroundDelayMilliseconds, remainingMilliseconds(session) / 4));
      if (this.#life.signal.aborted || !(await claimExpiryWarning(sessions, session.id))) return;
      await this.#show(session);
    } catch (error) {
      log.warn('The expiration notice could not be shown', { session: session.id, error: String(error) });
    }
  }

  async #show(session: Session): Promise<void> {
    await withProgressNotification(warningOf(session), async (report, cancelled) => {
      const over = new AbortController();
      const end = (): void => over.abort();
      const watch = this.#context.sessions.onDidChange(({ changed, removed }) => {
        if (
          [...changed, ...removed].some((one) => one.id === session.id && hasChanged(one, session, removed))
        )
          end();
      });
      this.#life.signal.addEventListener('abort', end, { once: true });
      cancelled.onCancellationRequested(end);
      const step = remainingMilliseconds(session) / steps;
      while (!over.signal.aborted && remainingMilliseconds(session) > 0) {
        report({ increment: 100 / steps });
        await this.#wait(step, over.signal);
      }
      watch[Symbol.dispose]();
      this.#life.signal.removeEventListener('abort', end);
    });
  }

  async #wait(milliseconds: number, signal: AbortSignal = this.#life.signal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => resolve(), { once: true });
    await promise;
    clearTimeout(timer);
  }
}

/** Whether a session has changed since the warning: signed out, signed in again, or refreshed elsewhere. */
function hasChanged(one: Session, said: Session, removed: readonly Session[]): boolean {
  return removed.includes(one) || one.tokenSet.accessToken !== said.tokenSet.accessToken;
}

function remainingMilliseconds({ tokenSet }: Session): number {
  return tokenSet.expiresAt - Date.now();
}

/** The message with a link, since a message that can be withdrawn has no buttons of its own. */
function warningOf(session: Session): ProgressNotification {
  const { id, tokenSet } = session;
  return {
    title: l10n.t(
      'Your session for {0} expires at {1} and can’t be renewed.',
      fullNameOf(session),
      timeText(tokenSet.expiresAt),
    ),
    link: {
      label: l10n.t('Sign In Again'),
      command: 'developerSignIn.signInAgain',
      args: [{ sessionId: id }],
    },
  };
}
