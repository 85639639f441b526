import type { InteractionRequest } from '../../../src/core/oauth/userInteraction.ts';
import { requestBytes, sendRaw } from './rawHttp.ts';
import type { LoopbackAddress, RawAnswer, RequestParts } from './rawHttp.ts';

/** A browser, or who pretends to be one, at the listener of a turn. */
export interface Visit {
  readonly turn: InteractionRequest;
  readonly port: number;
  readonly redirectUri: string;
  readonly state: string;
  /** The registered ports but this one, where there are any. */
  readonly otherPorts: readonly number[];
  /** The target of a callback that says this, with the turn's own `state` unless told. */
  readonly target: (parameters: Parameters) => string;
  /** One request of any shape, and the answer to it. */
  readonly get: (target: string, parts?: RequestParts) => Promise<RawAnswer>;
  /** Bytes as they are, and all that came back. */
  readonly send: (bytes: string, address?: LoopbackAddress) => Promise<readonly RawAnswer[]>;
  /** Follows a redirect to the listener as a browser does: what it is shown at last, and where. */
  readonly follow: (address: string) => Promise<{ readonly answer: RawAnswer; readonly path: string }>;
}

type Parameters = Readonly<Record<string, string>>;

/**
 * @param ports the registered ones
 * @param record is told of every answer, with what was sent
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
