import { whileBrowserHasTheTurn } from './browserTurn.ts';
import type { TurnOutcome } from './browserTurn.ts';
import { SignInError } from './errors.ts';
import type {
  BrowserTurn,
  Clock,
  LoopbackCallback,
  LoopbackListener,
  PasteProblem,
  Person,
  RedirectFinding,
  TurnChoice,
} from './ports.ts';
import { isLoopbackHost } from './webAddress.ts';

/** The path of every redirect URI. */
export const redirectPath = '/oauth/callback';

/** How long the browser may have the turn. */
const turnMilliseconds = 10 * 60_000;

interface LoopbackTurn {
  readonly connectionName: string;
  readonly url: string;
  readonly redirectUri: string;
  readonly ways: readonly TurnChoice[];
  /** Whether a callback is the one of this sign-in; any other is answered and ignored. */
  readonly belongs: (parameters: URLSearchParams) => boolean;
  readonly finding?: Promise<RedirectFinding>;
}

/**
 * Sends the browser away and waits for it to come back to `listener`, or for the person to paste where it came to
 * (RFC 8252, 7.3). `exchange` then has the callback's parameters, and a
 * signal by which who gives up now does not wait for the token endpoint; the browser gets its page when that is done.
 * @throws SignInError `codeExpired` when nobody came back, `cancelled`, or as `exchange`
 */
export function whileBrowserIsAway<T>(
  { clock, person }: { readonly clock: Clock; readonly person: Person },
  listener: LoopbackListener,
  { belongs, ...shown }: LoopbackTurn,
  exchange: (parameters: URLSearchParams, over: AbortSignal) => Promise<T>,
  signal: AbortSignal,
): Promise<TurnOutcome<T>> {
  const pasted = Promise.withResolvers<LoopbackCallback>();
  const turn: BrowserTurn = {
    ...shown,
    expiresAt: clock.now() + turnMilliseconds,
    paste: (text) => {
      const read = readPasted(text, shown.redirectUri, belongs);
      if (typeof read === 'string') return read;
      pasted.resolve({ parameters: read, answer: async () => {} });
      return undefined;
    },
  };
  return whileBrowserHasTheTurn(person, turn, signal, async (over) => {
    const callback = await Promise.race([
      listener.callback(belongs, over),
      pasted.promise,
      clock.sleep(turnMilliseconds, over).then(() => {
        throw new SignInError('codeExpired', { operation: 'authorize' });
      }),
    ]);
    try {
      const done = await exchange(callback.parameters, over);
      await callback.answer('signedIn');
      return done;
    } catch (error) {
      await callback.answer(over.aborted ? 'givenUp' : 'failed');
      throw error;
    }
  });
}

/** A callback counts only once, with our `state` (RFC 6749, 4.1.2) and no parameter twice (3.1). */
export function isAnswerTo(parameters: URLSearchParams, state: string): boolean {
  const names = [...parameters.keys()];
  return new Set(names).size === names.length && parameters.get('state') === state;
}

/** The parameters of a pasted callback address, or what is wrong with it: any name of this machine is as good as another. */
export function readPasted(
  text: string,
  redirectUri: string,
  belongs: (parameters: URLSearchParams) => boolean,
): URLSearchParams | PasteProblem {
  const trimmed = text.trim();
  const url = URL.parse(/^[a-z]+:\/\//i.test(trimmed) ? trimmed : `http://${trimmed}`);
  if (url?.protocol !== 'http:' || !isLoopbackHost(url.hostname)) return 'notCallback';
  if (url.port !== new URL(redirectUri).port) return 'notCallback';
  if (url.pathname.replace(/\/$/, '') !== redirectPath) return 'notCallback';
  const { searchParams } = url;
  if (!searchParams.has('code') && !searchParams.has('error')) return 'notCallback';
  return belongs(searchParams) ? searchParams : 'otherSignIn';
}
