import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A host that must not receive requests; the caller closes it. */
export interface Elsewhere {
  readonly origin: string;
  /** Requests received anyway: method, address and body. */
  readonly came: string[];
  close(): Promise<void>;
}

export async function startElsewhere(): Promise<Elsewhere> {
  const came: string[] = [];
  const server = createServer((req, res) => {
    void text(req).then((body) => {
      came.push(`${req.method} ${req.url} ${body}`);
      res.end('{}');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    came,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
