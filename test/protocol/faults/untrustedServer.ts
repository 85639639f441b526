import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** A TLS server with an untrusted certificate, valid until 2126. */
export interface UntrustedServer {
  readonly origin: string;
  /** Requests that it received; there must not be any. */
  readonly requests: number;
  close(): Promise<void>;
}

/** The key is not secret: it exists only for this test. */
const fixture = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');

export async function startUntrustedServer(): Promise<UntrustedServer> {
  let requests = 0;
  const server = createServer(
    { key: fixture('untrusted.key.pem'), cert: fixture('untrusted.certificate.pem') },
    (_request, response) => {
      requests += 1;
      response.end('{}');
    },
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get requests() {
      return requests;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
