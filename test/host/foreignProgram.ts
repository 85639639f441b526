import { once } from 'node:events';
import { createServer } from 'node:http';

type Address = '127.0.0.1' | '::1';

/** Another program on one address of a port, which answers every request. */
interface ForeignProgram extends AsyncDisposable {
  /** What was asked of it, each as `METHOD /path`, without the query. */
  readonly requests: readonly string[];
}

const held = new Set<string>();

/** Holds a port of one address until it is disposed. */
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

/** Holds several until they are disposed. */
export async function holdPorts(
  places: readonly (readonly [address: Address, port: number])[],
): Promise<AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  for (const [address, port] of places) stack.use(await holdPort(address, port));
  return stack.move();
}

/** Whether a place, `address:port`, is held by one of these programs. */
export function isForeign(place: string): boolean {
  return held.has(place);
}
