import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

/** A port that is currently free on 127.0.0.1; `preferred` if possible. */
export async function freePort(preferred = 0): Promise<number> {
  const server = createServer().listen(preferred, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    if (preferred === 0) throw error;
    return freePort();
  }
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
