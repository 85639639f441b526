import { SignInError } from '../../core/oauth/errors.ts';
import type { Session } from '../../core/session/session.ts';

interface UnderWay {
  readonly scopes: readonly string[];
  readonly result: Promise<Session>;
  readonly stop: AbortController;
  waiting: number;
}

/** A sign-in that a program waits for, again as the same account; `begin` is called where none is under way that it can join. */
export type JoinSignIn = (
  session: Session,
  scopes: readonly string[],
  signal: AbortSignal,
  begin: (signal: AbortSignal) => Promise<Session>,
) => Promise<Session>;

/**
 * One sign-in at a time for all programs that wait for the same session: another one would end it while the person is in
 * the browser. It goes on as long as one of them waits; one that wants other scopes waits until it is over.
 */
export function joinSignIns(): JoinSignIn {
  const underWay = new Map<string, UnderWay>();
  const start = (id: string, scopes: readonly string[], begin: Parameters<JoinSignIn>[3]): UnderWay => {
    const stop = new AbortController();
    const result = begin(stop.signal).finally(() => {
      if (underWay.get(id) === one) underWay.delete(id);
    });
    const one: UnderWay = { scopes, result, stop, waiting: 0 };
    underWay.set(id, one);
    return one;
  };
  return async ({ id }, scopes, signal, begin) => {
    for (;;) {
      if (signal.aborted) throw new SignInError('cancelled');
      const running = underWay.get(id);
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
          if (underWay.get(id) === joined) underWay.delete(id);
          joined.stop.abort();
        }
      }
    }
  };
}

/** What a promise becomes, or a rejection once the signal says that no one waits for it. */
function unless<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  const { promise: given, reject } = Promise.withResolvers<never>();
  const giveUp = (): void => reject(new SignInError('cancelled'));
  signal.addEventListener('abort', giveUp, { once: true });
  return Promise.race([promise, given]).finally(() => signal.removeEventListener('abort', giveUp));
}
