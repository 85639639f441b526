import { once } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

/** A local forward proxy, such as companies use, which records all requests. */
export interface ForwardProxy {
  /** Value for the setting `http.proxy`. */
  readonly url: string;
  /** Readable requests, `POST /path`, without the query; requests over TLS cannot be read. */
  readonly requests: readonly string[];
  /** Targets of tunnels, `host:port`; Node's `fetch` opens a tunnel for plain HTTP too. */
  readonly tunnels: readonly string[];
  /** Response that replaces those of all servers from now on. */
  refuseWith(status: number, page: string): void;
  /** Forwards everything again, and clears the recorded requests. */
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
