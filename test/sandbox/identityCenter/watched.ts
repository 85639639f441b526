import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Faults } from '../faults.ts';
import type { RequestLog } from '../requestLog.ts';

/** Handles a request under its operation name: logs it and applies faults. */
export type Watched = (
  operation: string,
  req: IncomingMessage,
  res: ServerResponse,
  handle: (res: ServerResponse, requestId: string) => unknown,
) => Promise<void>;

export function createWatched(requestLog: RequestLog, faults: Faults): Watched {
  return async (operation, req, res, handle) => {
    const requestId = requestLog.watch('identityCenter', operation, req, res);
    await faults.around(operation, req, res, (answer) => handle(answer, requestId));
  };
}
