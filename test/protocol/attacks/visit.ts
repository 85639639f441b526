import type { InteractionRequest } from '../../../src/core/oauth/userInteraction.ts';
import { requestBytes, sendRaw } from './rawHttp.ts';
import type { LoopbackAddress, RawAnswer, RequestParts } from './rawHttp.ts';

/** A browser, or a client that imitates one, connected to the listener of a prompt. */
export interface Visit {
  readonly turn: InteractionRequest;
  readonly port: number;
  readonly redirectUri: string;
  readonly state: string;
  /** The other registered ports. */
  readonly otherPorts: readonly number[];
  /** A callback target with these parameters; `state` defaults to the prompt's own. */
  readonly target: (parameters: Parameters) => string;
  /** Sends one request of any shape and returns the response. */
  readonly get: (target: string, parts?: RequestParts) => Promise<RawAnswer>;
  /** Sends raw bytes and returns everything received. */
  readonly send: (bytes: string, address?: LoopbackAddress) => Promise<readonly RawAnswer[]>;
  /** Follows a redirect to the listener as a browser does; returns the final page and its address. */
  readonly follow: (address: string) => Promise<{ readonly answer: RawAnswer; readonly path: string }>;
}

type Parameters = Readonly<Record<string, string>>;

/**
 * @param ports the registered ones
 * @param record called with every request and response
 */
export function visitOf(
  turn: InteractionRequest,
  ports: readonly number[],
  record: (sent: string, answer: RawAnswer) => void,
): Visit {
  const { searchParams } = new URL(turn.url);
  const redirectUri = searchParams.get('redirect_uri') ?? '';
  const state = searchParams.get('state') ?? '';
  const { port: portText, pathname: path } = new URL(redirectUri);
  const port = Number(portText);
  const send: Visit['send'] = async (bytes, address) => {
    const answers = await sendRaw(port, bytes, address);
    for (const answer of answers) record(bytes, answer);
    return answers;
  };
  const get: Visit['get'] = async (target, parts) => {
    const answers = await send(requestBytes(target, port, parts));
    if (answers[0] === undefined || answers.length > 1)
      throw new Error(`${answers.length} answers to ${target}.`);
    return answers[0];
  };
  return {
    turn,
    port,
    redirectUri,
    state,
    otherPorts: ports.filter((one) => one !== port),
    target: (parameters) => `${path}?${new URLSearchParams({ state, ...parameters })}`,
    get,
    send,
    follow: async (address) => {
      const { pathname, search } = new URL(address);
      const redirect = await get(pathname + search);
      const { location } = redirect.headers;
      if (location === undefined) return { answer: redirect, path: pathname + search };
      const path = location.replace(/#$/, '');
      return { answer: await get(path), path };
    },
  };
}
