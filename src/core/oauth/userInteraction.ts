import type { FlowName } from './flows.ts';
import { findSignInError, SignInError } from './errors.ts';
import type { BelongsHere, LoopbackCallback, LoopbackListener } from './loopbackRedirect.ts';
import type { Clock } from '../ports.ts';

/** The person at the screen, while the browser is open. */
export interface UserInteraction {
  /**
   * Shows the request and opens the browser; stays until `signal` aborts (the interaction is over, close quietly).
   * Resolves when the person chose another way of {@link InteractionRequest.alternatives}; rejects with
   * `SignInError('cancelled')` when the person gives up.
   */
  prompt(interaction: InteractionRequest, signal: AbortSignal): Promise<AlternativeAction>;
  /**
   * Says that the code or the link ran out unused, and resolves with whether a new one is wanted: `false` when the person
   * looks. Rejects as {@link prompt}. Who has no such method never wants one.
   */
  confirmRetry?(signal: AbortSignal): Promise<boolean>;
  /**
   * Whether the person trusts a server with the callback address that other sign-ins use too (RFC 9700, 4.4): as was
   * said before, or, where `mayAsk`, as is said now. Rejects as {@link prompt}. Without this method it is a no.
   */
  trustsIssuer?(question: TrustQuestion, signal: AbortSignal): Promise<boolean>;
}

/** A server that does not say in its callbacks who it is, and has no redirect URI of its own. */
export interface TrustQuestion {
  readonly issuer: string;
  /** The address of its own that an administrator can register, which makes the question unnecessary. */
  readonly ownRedirectUri: string;
  readonly mayAsk: boolean;
  /** As `ErrorDetails` has it. */
  readonly isGeneric?: true;
}

/** Another way that a person may choose while the browser is open. */
export type AlternativeAction = 'deviceCode' | 'authorizationCode' | 'nextPort';

/** All that a person needs to know while the browser is open. */
export interface InteractionRequest {
  /** Which connection this is about, by its name. */
  readonly connectionName: string;
  /** The address to open; holds no secret (a `user_code` is the person's own). */
  readonly url: string;
  /** The code to compare or type, where the flow has one (RFC 8628, 3.3). */
  readonly userCode?: string;
  /** The exact address the browser is to come back to, where the flow has one. */
  readonly redirectUri?: string;
  /** When the interaction ends by itself, epoch milliseconds. */
  readonly expiresAt: number;
  /** The other ways there are. */
  readonly alternatives: readonly AlternativeAction[];
  /** Whether a browser that ends at `redirectUri` reaches this machine: the `loopback` of `flows.ts`. */
  readonly loopbackSupport?: 'works' | 'perhaps' | 'never';
  /** The flow that was wanted, where this host or this server lacks it and this interaction is of another one. */
  readonly fallbackFrom?: FlowName;
  /** The grant that the server announces and this application lacks, where a sign-in was led on for that. */
  readonly missingGrant?: 'deviceCode';
  /** Takes the callback of a browser that could not reach us; false for another sign-in's. Checked as a received one. */
  readonly takeCallback?: (callback: Callback) => boolean;
  /** Resolves with what was learned about the redirect URI while the browser opened. Never rejects. */
  readonly finding?: Promise<RedirectUriStatus>;
  /** The same, where it was learned before the browser opened: one that ends at an error page is not opened unasked. */
  readonly known?: RedirectUriStatus;
}

/** Whether the server knows a redirect URI, and if not, which of the others it knows. */
export interface RedirectUriStatus {
  readonly redirectUri: string;
  readonly registration: RedirectRegistration;
  /** The first of the other redirect URIs that is registered, if any; asked only when this one is not. */
  readonly registered?: string;
  /** The parameter that every error page named as the wrong one; absent where a page named none or both. */
  readonly wrongParameter?: WrongParameter;
}
/** The two parameters that an error page can mean by *not registered*. */
export type WrongParameter = 'client_id' | 'redirect_uri';
/** `notKnown`: the answer tells neither. */
export type RedirectRegistration = 'registered' | 'notRegistered' | 'notKnown';

/** How an interaction ended: with what the work brought, or with another way that the person chose. */
export type InteractionResult<T> = { readonly done: T } | { readonly choice: AlternativeAction };

/**
 * Prompts the person, with the browser open, and does `work` (polling, waiting for the redirect) meanwhile. The first
 * to end ends the other.
 * @throws SignInError as `work`, `cancelled`, or the outer signal's reason
 */
export async function runInteraction<T>(
  person: UserInteraction,
  interaction: InteractionRequest,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<InteractionResult<T>> {
  signal.throwIfAborted();
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  const working = work(either);
  const showing = person.prompt(interaction, either);
  try {
    return await Promise.race([working.then((done) => ({ done })), showing.then((choice) => ({ choice }))]);
  } finally {
    over.abort();
    await Promise.allSettled([working, showing]); // Nothing of a finished interaction stays behind.
  }
}

/** The path of the redirect URIs that issuers share; an issuer's own is below it (`oidc/redirectUri.ts`). */
export const redirectPath = '/oauth/callback';

/** Whether a path is that of a redirect URI, the shared one or an issuer's own. */
export function isRedirectPath(path: string): boolean {
  return /^\/oauth\/callback(?:\/[\da-f]{16})?$/.test(path);
}

/** A callback, received or pasted. */
export type Callback = Pick<LoopbackCallback, 'path' | 'parameters'>;

/** How long a sign-in waits for the browser. */
const promptMilliseconds = 10 * 60_000;

interface LoopbackPrompt {
  readonly connectionName: string;
  readonly url: string;
  readonly redirectUri: string;
  readonly alternatives: readonly AlternativeAction[];
  /** Whether a callback is the one of this sign-in; any other is answered and ignored. */
  readonly belongs: BelongsHere;
  readonly finding?: Promise<RedirectUriStatus>;
  readonly known?: RedirectUriStatus;
}

/** The page to open, the listener it comes back to, and the exchange of its callback. */
export interface AwaitedResponse<T> {
  readonly listener: LoopbackListener;
  readonly interaction: LoopbackPrompt;
  readonly exchange: (callback: Callback, over: AbortSignal) => Promise<T>;
}

/**
 * Sends the browser away and waits for it to come back to `listener`, or for a callback to be handed in (RFC 8252,
 * 7.3). The browser gets its page when `exchange` is done; its signal tells that the person gave up.
 * @throws SignInError `codeExpired` when no callback came, `cancelled`, or as `exchange`
 */
export function awaitAuthorizationResponse<T>(
  { clock, person }: { readonly clock: Clock; readonly person: UserInteraction },
  { listener, interaction: { belongs, ...shown }, exchange }: AwaitedResponse<T>,
  signal: AbortSignal,
): Promise<InteractionResult<T>> {
  const pasted = Promise.withResolvers<LoopbackCallback>();
  const interaction: InteractionRequest = {
    ...shown,
    expiresAt: clock.now() + promptMilliseconds,
    takeCallback: ({ parameters, path }) => {
      const isOurs = belongs(parameters, path);
      if (isOurs) pasted.resolve({ parameters, path, answer: async () => {} });
      return isOurs;
    },
  };
  return runInteraction(person, interaction, signal, async (over) => {
    const callback = await Promise.race([
      listener.callback(belongs, over),
      pasted.promise,
      clock.sleep(promptMilliseconds, over).then(() => {
        throw new SignInError('codeExpired', { operation: 'authorize' });
      }),
    ]);
    try {
      const done = await exchange(callback, over);
      await callback.answer('signedIn');
      return done;
    } catch (error) {
      await callback.answer(over.aborted ? 'givenUp' : 'failed', findSignInError(error));
      throw error;
    }
  });
}

/** A callback counts only once, with our `state` (RFC 6749, 4.1.2) and no parameter twice (3.1). */
export function isAnswerTo(parameters: URLSearchParams, state: string): boolean {
  const names = [...parameters.keys()];
  return new Set(names).size === names.length && parameters.get('state') === state;
}
