import { once } from 'node:events';
import { createServer } from 'node:net';

import { REDIRECT_PORTS } from './suite/contract.ts';

/** The callback ports in use, each as `address:port`. */
export async function heldPorts(): Promise<string[]> {
  const places = REDIRECT_PORTS.flatMap((port) => ['127.0.0.1', '::1'].map((address) => ({ port, address })));
  const held = await Promise.all(places.map(async (place) => ({ ...place, held: await isHeld(place) })));
  return held.filter((place) => place.held).map(({ address, port }) => `${address}:${port}`);
}

async function isHeld({ address, port }: { address: string; port: number }): Promise<boolean> {
  const server = createServer().listen({ host: address, port, exclusive: true, ipv6Only: true });
  try {
    await once(server, 'listening');
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
  }
  server.close();
  await once(server, 'close');
  return false;
}
