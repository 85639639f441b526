import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** A request to the sandbox. Excludes query, headers and body, which carry secrets. */
export interface LoggedRequest {
  /** The stand-in that received it: `okta` or `identityCenter`. */
  readonly server: string;
  /** The operation name, as in fault rules, such as `identityCenter.createToken:refresh_token`. */
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  /** The status of a complete response; `undefined` while it is being sent, and permanently if it was lost. */
  readonly status: number | undefined;
  /** Time of arrival, epoch milliseconds. */
  readonly at: number;
  readonly requestId: string;
}

/** Requests to the sandbox in order of arrival, for assertions. */
export interface RequestLog {
  /**
   * Logs a request immediately, and its status when the response has been sent.
   * @param res the response to the client
   * @returns the ID to send back as `x-amzn-requestid` or `x-okta-request-id`
   */
  watch(server: string, operation: string, req: IncomingMessage, res: ServerResponse): string;
  /** All requests, or those of an operation; `a.b` includes `a.b:c`. */
  list(operation?: string): readonly LoggedRequest[];
  count(operation?: string): number;
  clear(): void;
}

/**
 * Whether the name in a rule or test matches this operation: the same name, or all its kinds (`a.b` matches
 * `a.b:c`).
 */
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
