import { EventEmitter } from 'vscode';
import type { Event } from 'vscode';
import { connectionKey, typeOf } from '../../core/connection/connection.ts';
import type { Connection } from '../../core/connection/connection.ts';
import { findSignInError, SignInError } from '../../core/oauth/errors.ts';
import type { UserInteraction } from '../../core/oauth/userInteraction.ts';
import type { SignInRequest } from '../../core/session/acquireTokens.ts';
import type { Session } from '../../core/session/session.ts';
import type { Sessions } from '../../core/session/sessions.ts';
import type { StartedBy, RunOptions, PendingSignIns, PendingSignIn } from '../context.ts';
import type { SignInPrompt } from './signInPrompt.ts';
import { defined } from '../../core/defined.ts';

interface Running extends PendingSignIn {
  readonly startedBy: StartedBy;
  readonly prompt: SignInPrompt;
}

/** The sign-ins in progress in this window, each with its prompt. */
export class SignIns implements PendingSignIns, Disposable {
  readonly #sessions: Pick<Sessions, 'signIn'>;
  readonly #openInBrowser: (url: string) => Promise<boolean>;
  readonly #trustsIssuer: NonNullable<UserInteraction['trustsIssuer']>;
  readonly #running = new Set<Running>();
  readonly #changed = new EventEmitter<void>();
  #count = 0;
  readonly onDidChange: Event<void> = this.#changed.event;

  constructor(
    sessions: Pick<Sessions, 'signIn'>,
    openInBrowser: (url: string) => Promise<boolean>,
    trustsIssuer: NonNullable<UserInteraction['trustsIssuer']>,
  ) {
    this.#sessions = sessions;
    this.#openInBrowser = openInBrowser;
    this.#trustsIssuer = trustsIssuer;
  }

  /** Newest first. */
  get all(): readonly PendingSignIn[] {
    return [...this.#running].reverse();
  }

  /** Whether a sign-in is waiting for the browser or a server. */
  get isActive(): boolean {
    return this.#running.size > 0;
  }

  /** Hides all prompts for another list of this extension. The sign-ins continue. */
  hidePrompts(): void {
    for (const { prompt } of this.#running) prompt.hideForOtherList();
  }

  /**
   * Signs in to a connection with a prompt of its own, which closes when this settles. A sign-in by the user
   * cancels one in progress for the same connection; one begun by arguments never cancels the user's.
   * @throws SignInError as the flow; `cancelled` when the user canceled; `codeExpired` with the reason
   * `abandoned` when the user had hidden the prompt
   */
  async run(connection: Connection, request: SignInRequest = {}, options: RunOptions = {}): Promise<Session> {
    const { signal, startedBy = 'user' } = options;
    const { createSignInPrompt } = await import('./signInPrompt.ts');
    const { isGeneric } = typeOf(connection);
    this.hidePrompts();
    using prompt = createSignInPrompt(connection, request, options, this.#openInBrowser);
    this.#endOthers(connection, startedBy);
    const running: Running = {
      key: `signIn ${++this.#count}`,
      connection,
      startedBy,
      prompt,
      ...defined({ account: request.account }),
      code: () => prompt.userCode,
      show: () => prompt.show(),
      cancel: () => prompt.cancel(),
    };
    this.#running.add(running);
    this.#changed.fire();
    try {
      const either = signal === undefined ? prompt.signal : AbortSignal.any([prompt.signal, signal]);
      const user: UserInteraction = {
        prompt: (interaction, over) => {
          const choice = prompt.prompt(interaction, over);
          const tell = (): void => this.#changed.fire();
          tell();
          choice.then(tell, tell); // Its code expires with it.
          return choice;
        },
        confirmRetry: (over) => prompt.confirmRetry(over),
        trustsIssuer: (question, over) =>
          this.#trustsIssuer({ ...question, ...defined({ isGeneric }) }, over),
      };
      return await this.#sessions.signIn(connection, request, user, either);
    } catch (error) {
      throw prompt.isAbandoned ? abandoned(error) : error;
    } finally {
      this.#running.delete(running);
      this.#changed.fire();
    }
  }

  [Symbol.dispose](): void {
    this.#changed.dispose();
  }

  #endOthers(connection: Connection, startedBy: StartedBy): void {
    const key = connectionKey(connection);
    for (const other of this.#running) {
      const isReplaced = startedBy === 'user' || other.startedBy === 'request';
      if (isReplaced && connectionKey(other.connection) === key) other.prompt.cancel();
    }
  }
}

/**
 * Marks a timeout that the user did not see as abandoned, since it is not news; errors of a server or the
 * browser are.
 */
function abandoned(error: unknown): unknown {
  const known = findSignInError(error);
  const hasRunOut =
    known !== undefined &&
    (known.details.reason === 'codeExpired' ||
      (known.kind === 'codeExpired' && known.details.reason !== 'codeRefused'));
  return hasRunOut ? new SignInError('codeExpired', { ...known.details, reason: 'abandoned' }, error) : error;
}
