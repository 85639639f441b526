import { once } from 'node:events';
import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Writable } from 'node:stream';
import { meansOperation } from './requestLog.ts';

/**
 * What goes wrong at one operation, and how often. One rule has at most one of `drop`, `reset`, `hang` and an answer
 * (`status`, `body`, `headers`); `delayMs` and `until` go with each of them, or alone.
 */
export interface FaultRule {
  /**
   * The operation: `okta.token`, `identityCenter.createToken:refresh_token`. Without the part behind the colon all
   * kinds of the operation are meant.
   */
  readonly at: string;
  /** How many requests it meets; 1 unless given, `Infinity` for all. */
  readonly times?: number;
  /** Milliseconds before anything else happens. A client that leaves meanwhile does not stop the rest. */
  readonly delayMs?: number;
  /** Waits for this before anything else happens: for who asks in the sandbox's own process. */
  readonly until?: Promise<unknown>;
  /** Closes the connection (FIN) without a byte of an answer: `before` the request was processed, or `after`. */
  readonly drop?: 'before' | 'after';
  /** The same with a reset (RST), which the client sees as ECONNRESET. */
  readonly reset?: 'before' | 'after';
  /** Never answers; ends when the client, or the server as a whole, closes. The request is not processed. */
  readonly hang?: boolean;
  /** Answers this instead of the real answer; 200 when only `body` or `headers` is given. */
  readonly status?: number;
  readonly body?: string;
  /** `content-type` is `application/json` unless given here. */
  readonly headers?: Readonly<Record<string, string>>;
  /** With an answer of its own: processes the request all the same, and throws the real answer away. */
  readonly process?: boolean;
}

/** Processes a request and answers on the response it is given, which may not reach the client. */
type Handle = (res: ServerResponse) => unknown;

/** A line of switches, shared by all servers of a sandbox. */
export interface Faults {
  /** Adds all of these or none. @throws {RangeError} when one of them is contradictory */
  add(...rules: readonly FaultRule[]): void;
  clear(): void;
  /** The rules that still wait for a request, each with the `times` it has left. */
  list(): readonly FaultRule[];
  /**
   * Handles a request, or does to it what the oldest matching rule says, and counts that rule down.
   * Whether the request's body has been read already makes no difference.
   * @param operation the request's full name, such as `identityCenter.createToken:refresh_token`
   * @param handle the real handler; resolves, or ends the response, when all is processed
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

/** Runs the real handler to its end, with a response that leads nowhere. */
async function processUnheard(req: IncomingMessage, handle: Handle): Promise<void> {
  const unheard = new ServerResponse(req);
  const nowhere: unknown = new Writable({ write: (_chunk, _encoding, done) => setImmediate(done) });
  // `assignSocket` wants a Socket and uses of it what every Writable has.
  unheard.assignSocket(nowhere as Socket);
  const finished = once(unheard, 'finish');
  await handle(unheard);
  await finished;
}

/** Reads what is left of a body: a socket closed with unread bytes sends a reset where an orderly end is wanted. */
async function drain(req: IncomingMessage): Promise<void> {
  if (req.readableEnded || req.destroyed) return;
  req.resume();
  await Promise.race([once(req, 'end'), once(req, 'close')]);
}

/** Holds no process open: the connection that waits does that. */
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
      `The fault rule for ${rule.at} asks for more than one of drop, reset, hang and an answer.`,
    );
  }
  if (chosen === 0 && rule.delayMs === undefined && rule.until === undefined) {
    throw new RangeError(`The fault rule for ${rule.at} says nothing about what goes wrong.`);
  }
  if (rule.process === true && !hasAnswer(rule)) {
    throw new RangeError(`The fault rule for ${rule.at} has "process", which goes with an answer only.`);
  }
  if (rule.times !== undefined && !(rule.times >= 1)) {
    throw new RangeError(`The fault rule for ${rule.at} has "times" below 1.`);
  }
}
