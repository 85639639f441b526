import { SignInError } from '../../core/oauth/errors.ts';
import type { Session } from '../../core/session/session.ts';

interface PendingSignIn {
  readonly scopes: readonly string[];
  readonly result: Promise<Session>;
  readonly stop: AbortController;
  waiting: number;
}

/**
 * Signs in again to a session as the same account, for a waiting program; calls `begin` unless it can join a
 * sign-in in progress.
 */
export type JoinSignIn = (
  session: Session,
  scopes: readonly string[],
  signal: AbortSignal,
  begin: (signal: AbortSignal) => Promise<Session>,
) => Promise<Session>;

/**
 * Shares one sign-in among all programs that wait for the same session: a second one would cancel it while the
 * user is in the browser. It continues as long as one of them waits; a program that wants other scopes waits
 * until it is over.
 */
export function joinSignIns(): JoinSignIn {
  const pending = new Map<string, PendingSignIn>();
  const start = (id: string, scopes: readonly string[], begin: Parameters<JoinSignIn>[3]): PendingSignIn => {
    const stop = new AbortController();
    const result = begin(stop.signal).finally(() => {
      if (pending.get(id) === one) pending.delete(id);
    });
    const one: PendingSignIn = { scopes, result, stop, waiting: 0 };
    pending.set(id, one);
    return one;
  };
  return async ({ id }, scopes, signal, begin) => {
    for (;;) {
      if (signal.aborted) throw new SignInError('cancelled');
      const running = pending.get(id);
      if (running !== undefined && !scopes.every((scope) => running.scopes.includes(scope))) {
        await unless(signal, running.result).catch(() => undefined);
        continue;
      }
      const joined = running ?? start(id, scopes, begin);
      joined.waiting++;
      try {
        return await unless(signal, joined.result);
      } finally {
        if (--joined.waiting === 0) {
          if (pending.get(id) === joined) pending.delete(id);
          joined.stop.abort();
        }
      }
    }
  };
}

/** Settles as the promise, or rejects when the signal aborts. */
function unless<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  const { promise: given, reject } = Promise.withResolvers<never>();
  const giveUp = (): void => reject(new SignInError('cancelled'));
  signal.addEventListener('abort', giveUp, { once: true });
  return Promise.race([promise, given]).finally(() => signal.removeEventListener('abort', giveUp));
}
