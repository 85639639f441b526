import { EventEmitter, l10n } from 'vscode';
import type { Event } from 'vscode';
import { connectionKey } from '../../core/connection.ts';
import type { Connection } from '../../core/connection.ts';
import type { SignInRequest } from '../../core/session/grant.ts';
import type { Session } from '../../core/session/session.ts';
import type { Sessions } from '../../core/session/sessions.ts';
import type { SignInSurface } from './signInSurface.ts';

/** The sign-ins that are under way in this window, each with its surface. */
export class SignIns implements Disposable {
  readonly #sessions: Sessions;
  readonly #openInBrowser: (url: string) => Promise<boolean>;
  readonly #running = new Map<string, SignInSurface>();
  readonly #changed = new EventEmitter<void>();
  readonly onDidChange: Event<void> = this.#changed.event;

  constructor(sessions: Sessions, openInBrowser: (url: string) => Promise<boolean>) {
    this.#sessions = sessions;
    this.#openInBrowser = openInBrowser;
  }

  /** Whether the browser or a server has the turn somewhere. */
  get underWay(): boolean {
    return this.#running.size > 0;
  }

  /** Brings the newest surface back that is hidden; the one that is there gets the keyboard. */
  show(): void {
    const surfaces = [...this.#running.values()];
    (surfaces.findLast((surface) => !surface.isVisible) ?? surfaces.at(-1))?.show();
  }

  /**
   * Signs in to a connection with a surface of its own, which is gone when this settles. One that is under way for
   * the same connection ends at once.
   * @throws SignInError as the flow; `cancelled` when the person gave up
   */
  async run(connection: Connection, request: SignInRequest = {}, signal?: AbortSignal): Promise<Session> {
    const { SignInSurface } = await import('./signInSurface.ts');
    using surface = new SignInSurface(titleOf(connection, request.account), this.#openInBrowser);
    const key = connectionKey(connection);
    this.#running.get(key)?.cancel();
    this.#running.delete(key); // So that the newest is the last.
    this.#running.set(key, surface);
    this.#changed.fire();
    try {
      const either = signal === undefined ? surface.signal : AbortSignal.any([surface.signal, signal]);
      return await this.#sessions.signIn(connection, request, surface, either);
    } finally {
      if (this.#running.get(key) === surface) this.#running.delete(key);
      this.#changed.fire();
    }
  }

  [Symbol.dispose](): void {
    this.#changed.dispose();
  }
}

function titleOf({ type, name }: Connection, account: string | undefined): string {
  const where = account === undefined ? name : `${name}, ${account}`;
  return type === 'okta'
    ? l10n.t('Sign in with Okta: {0}', where)
    : l10n.t('Sign in with IAM Identity Center: {0}', where);
}
