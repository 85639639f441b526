import { runInteraction } from './userInteraction.ts';
import type {
  InteractionResult,
  InteractionRequest,
  PasteProblem,
  UserInteraction,
  RedirectUriStatus,
  AlternativeAction,
} from './userInteraction.ts';
import { SignInError } from './errors.ts';
import type { BelongsHere, LoopbackCallback, LoopbackListener } from './loopbackRedirect.ts';
import type { Clock } from '../ports.ts';
import { isLoopbackHost } from '../text/webAddress.ts';

/** The path of the redirect URIs that issuers share; an issuer's own is below it (`oidc/mixUpDefense.ts`). */
export const redirectPath = '/oauth/callback';

/** Whether a path is that of a redirect URI, the shared one or an issuer's own. */
export function isRedirectPath(path: string): boolean {
  return /^\/oauth\/callback(?:\/[\da-f]{16})?$/.test(path);
}

/** A callback, received or pasted. */
export type Callback = Pick<LoopbackCallback, 'path' | 'parameters'>;

/** How long the browser may have the turn. */
const turnMilliseconds = 10 * 60_000;

interface LoopbackTurn {
  readonly connectionName: string;
  readonly url: string;
  readonly redirectUri: string;
  readonly alternatives: readonly AlternativeAction[];
  /** Whether a callback is the one of this sign-in; any other is answered and ignored. */
  readonly belongs: BelongsHere;
  readonly finding?: Promise<RedirectUriStatus>;
}

/**
 * Sends the browser away and waits for it to come back to `listener`, or for the person to paste where it came to
 * (RFC 8252, 7.3). `exchange` then has the callback, and a
 * signal by which who gives up now does not wait for the token endpoint; the browser gets its page when that is done.
 * @throws SignInError `codeExpired` when no callback came, `cancelled`, or as `exchange`
 */
export function awaitAuthorizationResponse<T>(
  { clock, person }: { readonly clock: Clock; readonly person: UserInteraction },
  listener: LoopbackListener,
  { belongs, ...shown }: LoopbackTurn,
  exchange: (callback: Callback, over: AbortSignal) => Promise<T>,
  signal: AbortSignal,
): Promise<InteractionResult<T>> {
  const pasted = Promise.withResolvers<LoopbackCallback>();
  const turn: InteractionRequest = {
    ...shown,
    expiresAt: clock.now() + turnMilliseconds,
    paste: (text) => {
      const read = readPasted(text, shown.redirectUri, belongs);
      if (typeof read === 'string') return read;
      pasted.resolve({ ...read, answer: async () => {} });
      return undefined;
    },
  };
  return runInteraction(person, turn, signal, async (over) => {
    const callback = await Promise.race([
      listener.callback(belongs, over),
      pasted.promise,
      clock.sleep(turnMilliseconds, over).then(() => {
        throw new SignInError('codeExpired', { operation: 'authorize' });
      }),
    ]);
    try {
      const done = await exchange(callback, over);
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

/** What a pasted callback address says, or what is wrong with it: any name of this machine is as good as another. */
export function readPasted(text: string, redirectUri: string, belongs: BelongsHere): Callback | PasteProblem {
  const trimmed = text.trim();
  if (trimmed.length > 100_000) return 'notCallback'; // No address is as long.
  const url = URL.parse(/^[a-z]+:\/\//i.test(trimmed) ? trimmed : `http://${trimmed}`);
  if (url?.protocol !== 'http:' || !isLoopbackHost(url.hostname)) return 'notCallback';
  if (url.port !== new URL(redirectUri).port) return 'notCallback';
  const path = url.pathname.replace(/\/$/, '');
  if (!isRedirectPath(path)) return 'notCallback';
  const { searchParams: parameters } = url;
  if (!parameters.has('code') && !parameters.has('error')) return 'notCallback';
  return belongs(parameters, path) ? { parameters, path } : 'otherSignIn';
}
