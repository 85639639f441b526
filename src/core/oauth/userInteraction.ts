import type { FlowName } from './flows.ts';
import { findSignInError, SignInError } from './errors.ts';
import type { CallbackFilter, LoopbackCallback, LoopbackListener } from './loopbackRedirect.ts';
import type { Clock } from '../ports.ts';

/** The user interface of a sign-in, while the browser is open. */
export interface UserInteraction {
  /**
   * Shows the request and opens the browser. Closes quietly when `signal` aborts, which ends the interaction.
   * Resolves with the alternative that the user selects; rejects with `SignInError('cancelled')` if the user cancels.
   */
  prompt(interaction: InteractionRequest, signal: AbortSignal): Promise<AlternativeAction>;
  /**
   * Reports that the code or link expired unused. Resolves with whether to get a new one; `false` if the prompt is
   * hidden, or without this method. Rejects as {@link prompt}.
   */
  confirmRetry?(signal: AbortSignal): Promise<boolean>;
  /**
   * Whether the user trusts a server with the redirect URI that sign-ins share (RFC 9700, 4.4): from a stored answer
   * or, if `mayAsk`, a question. Rejects as {@link prompt}. False without this method.
   */
  trustsIssuer?(question: TrustQuestion, signal: AbortSignal): Promise<boolean>;
}

/** A server that does not identify itself in its callbacks, and does not have its own redirect URI. */
export interface TrustQuestion {
  readonly issuer: string;
  /** The server's own redirect URI. If an administrator registers it, no question is needed. */
  readonly ownRedirectUri: string;
  readonly mayAsk: boolean;
  /** As in `ErrorDetails`. */
  readonly isGeneric?: true;
}

/** An alternative that the user can select while the browser is open. */
export type AlternativeAction = 'deviceCode' | 'authorizationCode' | 'nextPort';

/** The data to show while the browser is open. */
export interface InteractionRequest {
  readonly connectionName: string;
  /** The address to open. Contains no secret, except a `user_code`, which is the user's own. */
  readonly url: string;
  /** The code to compare or type, if the flow has one (RFC 8628, 3.3). */
  readonly userCode?: string;
  /** The exact address that the browser returns to, if the flow has one. */
  readonly redirectUri?: string;
  /** When the interaction times out, epoch milliseconds. */
  readonly expiresAt: number;
  readonly alternatives: readonly AlternativeAction[];
  /** Whether a redirect to `redirectUri` reaches this machine: `HostFlows.loopback`. */
  readonly loopbackSupport?: 'works' | 'perhaps' | 'never';
  /** The preferred flow, if this host or server does not support it and this interaction replaces it. */
  readonly fallbackFrom?: FlowName;
  /** The grant that the server advertises but the application lacks, if the sign-in fell back for that reason. */
  readonly missingGrant?: 'deviceCode';
  /** Takes a pasted callback, checked like a received one; false if it belongs to another sign-in. */
  readonly takeCallback?: (callback: Callback) => boolean;
  /** Resolves with the status of the redirect URI, which is checked while the browser opens. Never rejects. */
  readonly redirectStatus?: Promise<RedirectUriStatus>;
  /** The same, if known before the browser opens: do not open an error page unless the user asks for it. */
  readonly knownRedirectStatus?: RedirectUriStatus;
}

/** Whether a redirect URI is registered at the server, and if not, which of the others is. */
export interface RedirectUriStatus {
  readonly redirectUri: string;
  readonly registration: RedirectRegistration;
  /** The first of the other redirect URIs that is registered, if any. Checked only if this one is not. */
  readonly registered?: string;
  /** The parameter that every error page called wrong; absent if a page named neither or both. */
  readonly wrongParameter?: WrongParameter;
}
/** The parameters that an error page can report as not registered. */
export type WrongParameter = 'client_id' | 'redirect_uri';
/** `notKnown`: the server's response does not tell. */
export type RedirectRegistration = 'registered' | 'notRegistered' | 'notKnown';

/** The result of an interaction: the outcome of the work, or the alternative that the user selected. */
export type InteractionResult<T> = { readonly done: T } | { readonly choice: AlternativeAction };

/**
 * Prompts the user while `work` runs (polling, or waiting for the redirect). The first to settle aborts the other.
 * @throws SignInError as `work`, `cancelled`, or the outer signal's reason
 */
export async function runInteraction<T>(
  user: UserInteraction,
  interaction: InteractionRequest,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<InteractionResult<T>> {
  signal.throwIfAborted();
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  const working = work(either);
  const showing = user.prompt(interaction, either);
  try {
    return await Promise.race([working.then((done) => ({ done })), showing.then((choice) => ({ choice }))]);
  } finally {
    over.abort();
    await Promise.allSettled([working, showing]); // Leave nothing running after the interaction.
  }
}

/** The path of the shared redirect URI; an issuer's own path is below it (`oidc/redirectUri.ts`). */
export const redirectPath = '/oauth/callback';

/** Whether a path belongs to a redirect URI, either the shared one or an issuer's own. */
export function isRedirectPath(path: string): boolean {
  return /^\/oauth\/callback(?:\/[\da-f]{16})?$/.test(path);
}

/** A callback, received or pasted. */
export type Callback = Pick<LoopbackCallback, 'path' | 'parameters'>;

/** How long a sign-in waits for the browser. */
const promptMilliseconds = 10 * 60_000;

interface LoopbackPrompt extends Omit<InteractionRequest, 'expiresAt' | 'takeCallback'> {
  readonly redirectUri: string;
  /** Whether a callback belongs to this sign-in; any other gets a page and is ignored. */
  readonly accepts: CallbackFilter;
}

/** The page to open, the listener that it redirects to, and the exchange of its callback. */
export interface AwaitedResponse<T> {
  readonly listener: LoopbackListener;
  readonly interaction: LoopbackPrompt;
  readonly exchange: (callback: Callback, over: AbortSignal) => Promise<T>;
}

/**
 * Opens the browser and waits for its callback, received by `listener` (RFC 8252, 7.3) or pasted. The browser gets
 * its page once `exchange` settles. The signal of `exchange` aborts if the interaction ends, as on a cancel.
 * @throws SignInError `codeExpired` without a callback in time, `cancelled`, or as `exchange`
 */
export function awaitAuthorizationResponse<T>(
  { clock, user }: { readonly clock: Clock; readonly user: UserInteraction },
  { listener, interaction: { accepts, ...shown }, exchange }: AwaitedResponse<T>,
  signal: AbortSignal,
): Promise<InteractionResult<T>> {
  const pasted = Promise.withResolvers<LoopbackCallback>();
  const interaction: InteractionRequest = {
    ...shown,
    expiresAt: clock.now() + promptMilliseconds,
    takeCallback: ({ parameters, path }) => {
      const isOurs = accepts(parameters, path);
      if (isOurs) pasted.resolve({ parameters, path, respond: async () => {} });
      return isOurs;
    },
  };
  return runInteraction(user, interaction, signal, async (over) => {
    const callback = await Promise.race([
      listener.callback(accepts, over),
      pasted.promise,
      clock.sleep(promptMilliseconds, over).then(() => {
        throw new SignInError('codeExpired', { operation: 'authorize' });
      }),
    ]);
    try {
      const done = await exchange(callback, over);
      await callback.respond('signedIn');
      return done;
    } catch (error) {
      await callback.respond(over.aborted ? 'givenUp' : 'failed', findSignInError(error));
      throw error;
    }
  });
}

/** Whether a callback has our `state` (RFC 6749, 4.1.2) and no parameter twice (3.1). */
export function isResponseTo(parameters: URLSearchParams, state: string): boolean {
  const names = [...parameters.keys()];
  return new Set(names).size === names.length && parameters.get('state') === state;
}
