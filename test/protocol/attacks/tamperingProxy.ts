import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A response that can be modified before it is delivered. */
export interface Answer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A request that passed through. */
export interface Passed {
  readonly path: string;
  readonly body: string;
  readonly answer: Answer;
}

/** A proxy between the product and the sandbox that modifies responses; the caller closes it. */
export interface TamperingProxy {
  readonly origin: string;
  /** All requests that passed through, with the sandbox's original responses. */
  readonly passed: readonly Passed[];
  /** Modifies responses to requests whose path ends like this, from now on. */
  tamper(pathEnd: string, change: (answer: Answer) => Partial<Answer>): void;
  /** Forwards everything unchanged, and clears the recorded requests. */
  reset(): void;
  close(): Promise<void>;
}

/** @param rename replaces the sandbox's addresses in responses */
export async function startTamperingProxy(
  upstream: string,
  rename: (text: string) => string,
): Promise<TamperingProxy> {
  const changes = new Map<string, (answer: Answer) => Partial<Answer>>();
  const passed: Passed[] = [];

  const pass = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const url = new URL(req.url ?? '/', upstream);
    const body = await text(req);
    const response = await fetch(url, {
      method: req.method ?? 'GET',
      headers: headersOf(req),
      redirect: 'manual',
      ...(body === '' ? {} : { body }),
    });
    const answer: Answer = {
      status: response.status,
      headers: Object.fromEntries(
        [...response.headers].filter(([name]) => !hopByHop.has(name)).map(([name, v]) => [name, rename(v)]),
      ),
      body: rename(await response.text()),
    };
    passed.push({ path: url.pathname, body, answer });
    const change = [...changes].find(([pathEnd]) => url.pathname.endsWith(pathEnd))?.[1];
    const told = { ...answer, ...change?.(answer) };
    res.writeHead(told.status, told.headers).end(told.body);
  };

  const server = createServer((req, res) => {
    pass(req, res).catch(() => res.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    passed,
    tamper: (pathEnd, change) => void changes.set(pathEnd, change),
    reset: () => {
      changes.clear();
      passed.length = 0;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Hop-by-hop headers, and headers that become wrong when the body changes. */
const hopByHop = new Set(['connection', 'content-length', 'content-encoding', 'host', 'keep-alive']);
hopByHop.add('transfer-encoding');

function headersOf(req: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(req.headers).flatMap(([name, value]) =>
      typeof value === 'string' && !hopByHop.has(name) ? [[name, value]] : [],
    ),
  );
}
