import { once } from 'node:events';
import { createServer } from 'node:http';

type Address = '127.0.0.1' | '::1';

/** Another program on one address of a port, which responds to every request. */
interface ForeignProgram extends AsyncDisposable {
  /** Received requests, each as `METHOD /path`, without the query. */
  readonly requests: readonly string[];
}

const held = new Set<string>();

/** Holds a port on one address until disposed. */
export async function holdPort(address: Address, port: number): Promise<ForeignProgram> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method ?? ''} ${request.url?.replace(/\?.*$/s, '') ?? ''}`);
    response.end('Another program.');
  }).listen({ host: address, port, exclusive: true, ipv6Only: true });
  await once(server, 'listening');
  const place = `${address}:${port}`;
  held.add(place);
  return {
    requests,
    [Symbol.asyncDispose]: async () => {
      held.delete(place);
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Holds several ports until disposed. */
export async function holdPorts(
  places: readonly (readonly [address: Address, port: number])[],
): Promise<AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  for (const [address, port] of places) stack.use(await holdPort(address, port));
  return stack.move();
}

/** Whether one of these programs holds `address:port`. */
export function isForeign(place: string): boolean {
  return held.has(place);
}
