import { once } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

/** A proxy as companies have one, on this machine; it sees and notes all that goes through. */
export interface ForwardProxy {
  /** For the setting `http.proxy`. */
  readonly url: string;
  /** Each request that it could read, `POST /path`, without its query: over TLS it can read none. */
  readonly requests: readonly string[];
  /** Where tunnels were asked for, `host:port`: a `fetch` of Node wants one for plain http too. */
  readonly tunnels: readonly string[];
  /** What it answers in place of all servers, from now on. */
  refuseWith(status: number, page: string): void;
  /** Lets everything through again, and forgets what it has seen. */
  reset(): void;
  close(): Promise<void>;
}

export async function startForwardProxy(): Promise<ForwardProxy> {
  const requests: string[] = [];
  const tunnels: string[] = [];
  const sockets = new Set<Socket>();
  let refusal: { readonly status: number; readonly page: string } | undefined;

  const pass = (request: IncomingMessage, response: ServerResponse): void => {
    const { url = '', method = 'GET', headers } = request;
    const path = URL.parse(url)?.pathname ?? url;
    requests.push(`${method} ${path}`);
    if (refusal !== undefined) {
      response.writeHead(refusal.status, { 'content-type': 'text/html' }).end(refusal.page);
      return;
    }
    const onward = httpRequest(url, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  };

  const server = createServer(pass);
  server.on('connection', (socket: Socket) =>
    sockets.add(socket.once('close', () => sockets.delete(socket))),
  );
  server.on('connect', ({ url = '' }, client: Socket) => {
    tunnels.push(url);
    client.on('error', () => client.destroy());
    if (refusal !== undefined) {
      client.end(`HTTP/1.1 ${refusal.status} No\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    const { hostname, port } = new URL(`http://${url}`);
    const onward = connect(Number(port), hostname, () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      onward.pipe(client).pipe(onward);
    });
    client.on('data', (bytes: Buffer) => {
      const lines = bytes.toString('latin1').matchAll(/^([A-Z]+) (\/[^\s?]*)\S* HTTP\/1\.1\r$/gm);
      for (const [, method, path] of lines) requests.push(`${method ?? ''} ${path ?? ''}`);
    });
    onward.on('error', () => client.destroy());
    client.on('close', () => onward.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    tunnels,
    refuseWith: (status, page) => {
      refusal = { status, page };
    },
    reset: () => {
      refusal = undefined;
      requests.length = 0;
      tunnels.length = 0;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
