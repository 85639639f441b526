import type { IncomingMessage } from 'node:http';
import * as v from 'valibot';
import type { FaultRule, Faults } from './faults.ts';
import { readBody, type SandboxServer, startServer } from './server.ts';

const PATH = '/_sandbox/faults';

/** A fault rule as JSON; `times` is `null` for every request, since JSON lacks Infinity. */
const RuleSchema = v.strictObject({
  at: v.string(),
  times: v.exactOptional(v.nullable(v.number())),
  delayMs: v.exactOptional(v.pipe(v.number(), v.minValue(0))),
  drop: v.exactOptional(v.picklist(['before', 'after'])),
  reset: v.exactOptional(v.picklist(['before', 'after'])),
  hang: v.exactOptional(v.boolean()),
  status: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(200), v.maxValue(599))),
  body: v.exactOptional(v.string()),
  headers: v.exactOptional(v.record(v.string(), v.string())),
  process: v.exactOptional(v.boolean()),
});

/** The fault switches of a sandbox in a separate process; the caller closes them. */
export interface FaultControl extends Pick<SandboxServer, 'close'> {
  /** `GET` lists the rules, `POST` adds one or more, `DELETE` removes all. */
  readonly faultsUrl: string;
}

/** Serves the fault switches over HTTP, on a port separate from the servers that they affect. */
export async function startFaultControl(faults: Faults): Promise<FaultControl> {
  const server = await startServer(() => async (req, res) => {
    const [status, body] = await control(faults, req);
    res.writeHead(status, { 'content-type': 'application/json' });
    res.end(`${JSON.stringify(body)}\n`);
  });
  return { faultsUrl: server.origin + PATH, close: () => server.close() };
}

/** The status and body of the response. */
async function control(faults: Faults, req: IncomingMessage): Promise<[number, unknown]> {
  if (req.url !== PATH) return [404, { error: `The switches are at ${PATH}.` }];
  // Reject requests from web pages in the user's browser, which declare their origin.
  if (req.headers.origin !== undefined) return [403, { error: 'Not available to web pages.' }];

  switch (req.method) {
    case 'GET':
      return [200, faults.list()];
    case 'DELETE':
      faults.clear();
      return [200, faults.list()];
    case 'POST':
      try {
        faults.add(...parseRules(await readBody(req)));
        return [200, faults.list()];
      } catch (error) {
        const refused = error instanceof SyntaxError || error instanceof RangeError || v.isValiError(error);
        if (!refused) throw error;
        return [400, { error: error.message }];
      }
    default:
      return [405, { error: 'Use GET, POST or DELETE.' }];
  }
}

function parseRules(body: string): FaultRule[] {
  const parsed = v.parse(v.union([v.array(RuleSchema), RuleSchema]), JSON.parse(body));
  return [parsed].flat().map(({ times, ...rest }) => {
    return times === undefined ? rest : { ...rest, times: times ?? Infinity };
  });
}
