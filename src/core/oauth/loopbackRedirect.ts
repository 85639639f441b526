import type { SignInError } from './errors.ts';

/** Listens for the redirect of an authorization request (RFC 8252, 7.3). */
export interface LoopbackRedirect {
  /**
   * Listens on the first of `ports` that is free on every loopback address and answers our probe; 0 means any free
   * port. Accepts callbacks at `path` and at the issuers' own paths below it.
   * @throws SignInError `portsUnavailable`, with the system's code per port
   */
  listen(ports: readonly number[], path: string): Promise<LoopbackListener>;
}

/** A listener that waits for one callback. Disposing it releases the port. */
export interface LoopbackListener extends AsyncDisposable {
  readonly port: number;
  /**
   * Resolves with the first callback that is accepted; any other request gets a page and is ignored.
   * Rejects with the signal's reason.
   */
  callback(accepts: CallbackFilter, signal: AbortSignal): Promise<LoopbackCallback>;
}

/** Whether a callback belongs to a sign-in, by its parameters and its path (without a trailing slash). */
export type CallbackFilter = (parameters: URLSearchParams, path: string) => boolean;

/** A callback whose browser waits for a page. */
export interface LoopbackCallback {
  /** A path that `isRedirectPath` of `userInteraction.ts` accepts. */
  readonly path: string;
  readonly parameters: URLSearchParams;
  /**
   * Redirects the browser to a page without the code in its address. Resolves when the page is delivered, or after
   * two seconds (0.2 for `givenUp`). The failure page explains `why`.
   */
  respond(outcome: 'signedIn' | 'failed' | 'givenUp', error?: SignInError): Promise<void>;
}
