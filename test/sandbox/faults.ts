import { once } from 'node:events';
import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Writable } from 'node:stream';
import { meansOperation } from './requestLog.ts';

/**
 * A fault at one operation, and how often it occurs. A rule has at most one of `drop`, `reset`, `hang` and a
 * response (`status`, `body`, `headers`); `delayMs` and `until` combine with any of these, or stand alone.
 */
export interface FaultRule {
  /**
   * The operation: `okta.token`, `identityCenter.createToken:refresh_token`. Without the part after the colon,
   * the rule matches all kinds of the operation.
   */
  readonly at: string;
  /** Number of requests that it affects; 1 by default, `Infinity` for all. */
  readonly times?: number;
  /** Delay in milliseconds before anything else. The request proceeds even if the client disconnects meanwhile. */
  readonly delayMs?: number;
  /** Waits for this before anything else; only for rules added in the sandbox's own process. */
  readonly until?: Promise<unknown>;
  /** Closes the connection (FIN) without sending a response: `before` or `after` the request is processed. */
  readonly drop?: 'before' | 'after';
  /** As `drop`, but with a reset (RST), which the client sees as ECONNRESET. */
  readonly reset?: 'before' | 'after';
  /** Never responds; ends when the client or the server closes. The request is not processed. */
  readonly hang?: boolean;
  /** Replaces the real response; the status is 200 if only `body` or `headers` is given. */
  readonly status?: number;
  readonly body?: string;
  /** `content-type` defaults to `application/json`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Processes the request, but discards the real response in favor of the one given here. */
  readonly process?: boolean;
}

/** Processes a request and writes to the given response, which may not reach the client. */
type Handle = (res: ServerResponse) => unknown;

/** The fault rules shared by all servers of a sandbox. */
export interface Faults {
  /** Adds all of these rules or none. @throws {RangeError} if one of them is contradictory */
  add(...rules: readonly FaultRule[]): void;
  clear(): void;
  /** The remaining rules, each with its remaining `times`. */
  list(): readonly FaultRule[];
  /**
   * Handles a request, or applies the oldest matching rule and counts it down.
   *
   * Works whether or not the request's body has already been read.
   * @param operation the request's full name, such as `identityCenter.createToken:refresh_token`
   * @param handle the real handler; resolves, or ends the response, when processing is complete
   */
  around(operation: string, req: IncomingMessage, res: ServerResponse, handle: Handle): Promise<void>;
}

export function createFaults(): Faults {
  let rules: { rule: FaultRule; left: number }[] = [];

  const take = (operation: string): FaultRule | undefined => {
    const found = rules.find(({ rule }) => meansOperation(rule.at, operation));
    if (found === undefined) return undefined;
    found.left -= 1;
    if (found.left <= 0) rules = rules.filter((each) => each !== found);
    return found.rule;
  };

  return {
    add(...added) {
      added.forEach(refuseContradictions);
      rules.push(...added.map((rule) => ({ rule, left: rule.times ?? 1 })));
    },
    clear() {
      rules = [];
    },
    list: () => rules.map(({ rule, left }) => ({ ...rule, times: left })),
    async around(operation, req, res, handle) {
      const rule = take(operation);
      if (rule === undefined) await handle(res);
      else await apply(rule, req, res, handle);
    },
  };
}

async function apply(
  rule: FaultRule,
  req: IncomingMessage,
  res: ServerResponse,
  handle: Handle,
): Promise<void> {
  if (rule.delayMs !== undefined) await delay(rule.delayMs);
  await rule.until;

  const lost = rule.drop ?? rule.reset;
  const answers = hasAnswer(rule);
  if (lost === undefined && !answers && rule.hang !== true) {
    await handle(res);
    return;
  }

  if (lost === 'after' || rule.process === true) await processUnheard(req, handle);
  else await drain(req);

  if (rule.hang === true) {
    if (!res.destroyed) await once(res, 'close');
  } else if (lost !== undefined) {
    if (rule.reset === undefined) req.socket.destroy();
    else req.socket.resetAndDestroy();
  } else {
    res.writeHead(rule.status ?? 200, { 'content-type': 'application/json', ...lowerCased(rule.headers) });
    res.end(rule.body ?? '');
  }
}

/** Runs the real handler to completion, with a response that is discarded. */
async function processUnheard(req: IncomingMessage, handle: Handle): Promise<void> {
  const unheard = new ServerResponse(req);
  const nowhere: unknown = new Writable({ write: (_chunk, _encoding, done) => setImmediate(done) });
  // `assignSocket` requires a Socket, but uses only what every Writable has.
  unheard.assignSocket(nowhere as Socket);
  const finished = once(unheard, 'finish');
  await handle(unheard);
  await finished;
}

/** Reads the rest of a body: closing a socket with unread bytes sends a reset instead of a FIN. */
async function drain(req: IncomingMessage): Promise<void> {
  if (req.readableEnded || req.destroyed) return;
  req.resume();
  await Promise.race([once(req, 'end'), once(req, 'close')]);
}

/** Does not keep the process alive; the waiting connection does. */
function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds).unref();
  });
}

function hasAnswer(rule: FaultRule): boolean {
  return rule.status !== undefined || rule.body !== undefined || rule.headers !== undefined;
}

function lowerCased(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function refuseContradictions(rule: FaultRule): void {
  const ways = [rule.drop !== undefined, rule.reset !== undefined, rule.hang === true, hasAnswer(rule)];
  const chosen = ways.filter(Boolean).length;
  if (rule.at === '') throw new RangeError('A fault rule needs the name of an operation in "at".');
  if (chosen > 1) {
    throw new RangeError(
      `The fault rule for ${rule.at} has more than one of drop, reset, hang and a response.`,
    );
  }
  if (chosen === 0 && rule.delayMs === undefined && rule.until === undefined) {
    throw new RangeError(`The fault rule for ${rule.at} does not specify a fault.`);
  }
  if (rule.process === true && !hasAnswer(rule)) {
    throw new RangeError(`The fault rule for ${rule.at} has "process", which requires a response.`);
  }
  if (rule.times !== undefined && !(rule.times >= 1)) {
    throw new RangeError(`The fault rule for ${rule.at} has "times" below 1.`);
  }
}
