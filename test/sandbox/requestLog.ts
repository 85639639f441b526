import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** One request that reached the sandbox. Holds no query, header or body: those carry secrets. */
export interface LoggedRequest {
  /** Which stand-in got it: `okta` or `identityCenter`. */
  readonly server: string;
  /** The name that fault rules use too, such as `identityCenter.createToken:refresh_token`. */
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  /** The status that was sent whole; `undefined` while the answer is on its way, and for ever when it was lost. */
  readonly status: number | undefined;
  /** When it arrived, epoch milliseconds. */
  readonly at: number;
  readonly requestId: string;
}

/** The requests that reached the sandbox, in the order of their arrival, for tests to count. */
export interface RequestLog {
  /**
   * Writes a request down at once, and its status when the answer has gone out.
   * @param res the response that the client sees
   * @returns the id to send back, as `x-amzn-requestid` or `x-okta-request-id`
   */
  watch(server: string, operation: string, req: IncomingMessage, res: ServerResponse): string;
  /** All requests, or those of an operation; `a.b` includes `a.b:c`. */
  list(operation?: string): readonly LoggedRequest[];
  count(operation?: string): number;
  clear(): void;
}

/** Whether `name`, as a rule or a test writes it, means this operation: itself, or all its kinds (`a.b` means `a.b:c` too). */
export function meansOperation(name: string, operation: string): boolean {
  return operation === name || operation.startsWith(`${name}:`);
}

/** @param now epoch milliseconds */
export function createRequestLog(now: () => number = Date.now): RequestLog {
  let requests: LoggedRequest[] = [];

  const list = (operation?: string): readonly LoggedRequest[] =>
    operation === undefined
      ? [...requests]
      : requests.filter((request) => meansOperation(operation, request.operation));

  return {
    watch(server, operation, req, res) {
      const request = {
        server,
        operation,
        method: req.method ?? '',
        path: (req.url ?? '').replace(/[?#].*$/s, ''),
        status: undefined as number | undefined,
        at: now(),
        requestId: randomUUID(),
      };
      requests.push(request);
      res.once('finish', () => {
        request.status = res.statusCode;
      });
      return request.requestId;
    },
    list,
    count: (operation) => list(operation).length,
    clear() {
      requests = [];
    },
  };
}
