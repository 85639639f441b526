import { isRedirectPath } from '../core/oauth/userInteraction.ts';
import type { Callback, InteractionRequest } from '../core/oauth/userInteraction.ts';
import { cleanPasted, withoutUnseenEdges } from './pastedText.ts';
import { isLoopbackHost } from '../core/text/webAddress.ts';

/** The reason to reject a pasted address. */
export type PasteProblem = 'notCallback' | 'otherSignIn';

/**
 * Passes a pasted callback address to the interaction that waits for it. Accepts any loopback host, also over https, to
 * which a browser may have switched (RFC 6797), and unwraps text from an email, chat, wiki or HTML source if it is not a
 * callback as pasted.
 * @returns the reason for a rejection, if any
 */
export function takePasted(
  text: string,
  { redirectUri = '', takeCallback }: Pick<InteractionRequest, 'redirectUri' | 'takeCallback'>,
): PasteProblem | undefined {
  if (text.length > 100_000) return 'notCallback'; // Longer than any address.
  const problemOf = (address: string): PasteProblem | undefined => {
    const callback = readCallback(address, redirectUri);
    if (callback === undefined) return 'notCallback';
    return takeCallback?.(callback) === true ? undefined : 'otherSignIn';
  };
  const asItStands = problemOf(withoutUnseenEdges(text));
  if (asItStands === undefined) return undefined;
  const unwrapped = problemOf(cleanPasted(text).replaceAll('&amp;', '&'));
  return unwrapped === 'notCallback' ? asItStands : unwrapped;
}

function readCallback(text: string, redirectUri: string): Callback | undefined {
  const url = URL.parse(/^[a-z]+:\/\//i.test(text) ? text : `http://${text}`);
  if (url === null || !/^https?:$/.test(url.protocol) || !isLoopbackHost(url.hostname)) return undefined;
  const path = url.pathname.replace(/\/$/, '');
  if (url.port !== URL.parse(redirectUri)?.port || !isRedirectPath(path)) return undefined;
  const { searchParams: parameters } = url;
  return parameters.has('code') || parameters.has('error') ? { parameters, path } : undefined;
}
