import { isRedirectPath } from '../core/oauth/userInteraction.ts';
import type { Callback, InteractionRequest } from '../core/oauth/userInteraction.ts';
import { cleanPasted, withoutUnseenEdges } from './pastedText.ts';
import { isLoopbackHost } from '../core/text/webAddress.ts';

/** Why a pasted address is not taken. */
export type PasteProblem = 'notCallback' | 'otherSignIn';

/**
 * Hands a pasted callback address to the interaction that waits for it; returns why it is not taken. Any name of this
 * machine is as good as another. The wrapping by a mail, a chat or a wiki is taken out of a text that is not a callback as it stands.
 */
export function takePasted(
  text: string,
  { redirectUri = '', takeCallback }: Pick<InteractionRequest, 'redirectUri' | 'takeCallback'>,
): PasteProblem | undefined {
  if (text.length > 100_000) return 'notCallback'; // No address is as long.
  const problemOf = (address: string): PasteProblem | undefined => {
    const callback = readCallback(address, redirectUri);
    if (callback === undefined) return 'notCallback';
    return takeCallback?.(callback) === true ? undefined : 'otherSignIn';
  };
  const asItStands = problemOf(withoutUnseenEdges(text));
  if (asItStands === undefined) return undefined;
  const unwrapped = problemOf(cleanPasted(text));
  return unwrapped === 'notCallback' ? asItStands : unwrapped;
}

function readCallback(text: string, redirectUri: string): Callback | undefined {
  const url = URL.parse(/^[a-z]+:\/\//i.test(text) ? text : `http://${text}`);
  if (url?.protocol !== 'http:' || !isLoopbackHost(url.hostname)) return undefined;
  const path = url.pathname.replace(/\/$/, '');
  if (url.port !== URL.parse(redirectUri)?.port || !isRedirectPath(path)) return undefined;
  const { searchParams: parameters } = url;
  return parameters.has('code') || parameters.has('error') ? { parameters, path } : undefined;
}
