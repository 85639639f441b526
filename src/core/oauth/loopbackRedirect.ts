import type { SignInError } from './errors.ts';

/** Listens for the redirect of an authorization (RFC 8252, 7.3). */
export interface LoopbackRedirect {
  /**
   * Takes the first of `ports` that is free on every loopback address and where our own probe is answered by us;
   * 0 stands for any free port. It hears callbacks at `path` and at the issuers' own paths below it.
   * @throws SignInError `portsUnavailable` with each refusal
   */
  listen(ports: readonly number[], path: string): Promise<LoopbackListener>;
}

/** A listener that waits for one callback. Disposing it releases the port. */
export interface LoopbackListener extends AsyncDisposable {
  readonly port: number;
  /**
   * Resolves with the first callback that `belongs` to this sign-in; any other request is answered and ignored.
   * Rejects with the signal's reason.
   */
  callback(belongs: BelongsHere, signal: AbortSignal): Promise<LoopbackCallback>;
}

/** Whether a callback is the one of a sign-in, by its parameters and its path (without a slash at the end). */
export type BelongsHere = (parameters: URLSearchParams, path: string) => boolean;

/** The browser came back and waits for its page. */
export interface LoopbackCallback {
  /** One of the paths that `isRedirectPath` of `userInteraction.ts` knows. */
  readonly path: string;
  readonly parameters: URLSearchParams;
  /**
   * Sends the browser to a page without the code in its address; resolves when that page was delivered, or after two
   * seconds: at once, as far as a person can tell, when that person gave up. The page of a failure says `why`.
   */
  answer(outcome: 'signedIn' | 'failed' | 'givenUp', why?: SignInError): Promise<void>;
}
