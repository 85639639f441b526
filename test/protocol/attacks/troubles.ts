import { once } from 'node:events';
import { createServer, Server, Socket } from 'node:net';
import type { AddressInfo, ListenOptions, TcpNetConnectOpts } from 'node:net';
import { vi } from 'vitest';
import { holdPort } from '../ports.ts';
import type { Trouble } from './ports.rows.ts';

/** Causes a problem with a port until the end of the scope. */
export async function makeTrouble({ on, is }: Trouble, port: number): Promise<AsyncDisposable> {
  if (is === 'held') return holdPort(on, port);
  if (is === 'EACCES') return refusing(on, port);
  return answering(is, on, port);
}

/** Errors of `listen` for a reserved range on Windows. */
function refusing(host: string, port: number): AsyncDisposable {
  // oxlint-disable-next-line typescript/unbound-method -- called on its own object below
  const listen = Server.prototype.listen as (this: Server, ...all: readonly unknown[]) => Server;
  const spy = vi.spyOn(Server.prototype, 'listen').mockImplementation(function (this: Server, ...all) {
    const [options] = all as unknown as [ListenOptions];
    if (options.host !== host || options.port !== port) return listen.apply(this, all);
    const error = Object.assign(new Error(`listen EACCES ${host}:${port}`), { code: 'EACCES' });
    queueMicrotask(() => this.emit('error', error));
    return this;
  });
  return { [Symbol.asyncDispose]: async () => spy.mockRestore() };
}

/** Another program that receives the connections to this address, as `rapportd` does on macOS. */
async function answering(
  how: 'answered' | 'repeated' | 'silent',
  host: string,
  port: number,
): Promise<AsyncDisposable> {
  const sockets = new Set<Socket>();
  const foreign = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    if (how === 'answered') socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi');
    else if (how === 'repeated') socket.pipe(socket);
  }).listen(0, '127.0.0.1');
  await once(foreign, 'listening');
  const theirs = { host: '127.0.0.1', port: (foreign.address() as AddressInfo).port };

  // oxlint-disable-next-line typescript/unbound-method -- called on its own object below
  const connect = Socket.prototype.connect as (this: Socket, ...all: readonly unknown[]) => Socket;
  const spy = vi.spyOn(Socket.prototype, 'connect').mockImplementation(function (this: Socket, ...all) {
    const [[options]] = all as unknown as [[TcpNetConnectOpts]];
    if (options.host === host && options.port === port) Object.assign(options, theirs);
    return connect.apply(this, all);
  });
  return {
    [Symbol.asyncDispose]: async () => {
      spy.mockRestore();
      for (const socket of sockets) socket.destroy();
      foreign.close();
      await once(foreign, 'close');
    },
  };
}
