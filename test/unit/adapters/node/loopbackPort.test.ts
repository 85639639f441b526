import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { bindBoth, close, probe, probeHeader } from '../../../../src/adapters/node/loopbackPort.ts';
import type { PortRefusal } from '../../../../src/core/oauth/errors.ts';
import { freePorts, hasIpv6, occupy } from '../../fakes/ports.ts';

const nonce = 'a'.repeat(32);
const withIpv6 = await hasIpv6();

/** A free port, bound and answering each request with this nonce. */
async function answering(given: string) {
  const [wanted = 0] = await freePorts(1);
  const bound = await bindBoth(wanted, []);
  if (bound === undefined) throw new Error(`Port ${wanted} was taken`);
  for (const { server } of bound.servers)
    server.on('request', (_, response) => response.setHeader(probeHeader, given).end());
  return {
    bound,
    [Symbol.asyncDispose]: async () => {
      await Promise.all(bound.servers.map(close));
    },
  };
}

describe('bindBoth', () => {
  test('holds the port on every loopback address until it is closed', async () => {
    const { bound } = await answering(nonce);
    const { port, servers } = bound;
    expect(servers.map(({ address }) => address)).toEqual(withIpv6 ? ['127.0.0.1', '::1'] : ['127.0.0.1']);
    expect(await occupy(port, '127.0.0.1')).toBeUndefined();
    await Promise.all(servers.map(close));
    await using free = await occupy(port, '127.0.0.1');
    expect(free?.port).toBe(port);
  });

  test('says which address refused a taken port, and why', async () => {
    const [port = 0] = await freePorts(1);
    await using _ = await occupy(port, '127.0.0.1');
    const refusals: PortRefusal[] = [];
    expect(await bindBoth(port, refusals)).toBeUndefined();
    expect(refusals).toEqual([{ port, address: '127.0.0.1', code: 'EADDRINUSE' }]);
  });
});

describe('bindBoth: one program could fill the memory of the editor with connections', () => {
  test('beyond 128, each new one replaces the oldest, and gets an answer', async () => {
    await using own = await answering(nonce);
    const { port, servers } = own.bound;
    const open = async () => {
      const socket = connect({ host: '127.0.0.1', port });
      await once(socket, 'connect');
      socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nX-Endless: ');
      return socket;
    };
    const opened = [];
    for (let count = 0; count < 200; count++) opened.push(await open());
    const first = opened.slice(0, 72);
    await Promise.all(first.map(async (socket) => socket.closed || once(socket.resume(), 'close')));
    expect(servers[0]?.sockets.size).toBe(128);
    expect(await probe(own.bound, nonce)).toBeUndefined();
    for (const socket of opened) socket.destroy();
  });
});

describe('probe', () => {
  test.skipIf(!withIpv6)('asks both addresses at once, since the browser waits for it', async () => {
    const [wanted = 0] = await freePorts(1);
    const bound = await bindBoth(wanted, []);
    if (bound === undefined) throw new Error(`Port ${wanted} was taken`);
    const asked = Promise.withResolvers<void>();
    let count = 0;
    for (const { server } of bound.servers)
      server.on('request', (_, response) => {
        count += 1;
        if (count === 2) asked.resolve();
        void asked.promise.then(() => response.setHeader(probeHeader, nonce).end());
      });
    expect(await probe(bound, nonce)).toBeUndefined();
    await Promise.all(bound.servers.map(close));
  });

  test('takes the answer that has the nonce in its header', async () => {
    await using own = await answering(nonce);
    expect(await probe(own.bound, nonce)).toBeUndefined();
  });

  test('names the address that answers without it', async () => {
    await using other = await answering('b'.repeat(32));
    const { port } = other.bound;
    expect(await probe(other.bound, nonce)).toEqual({ port, address: '127.0.0.1', code: 'EFOREIGN' });
  });
});

describe('close', () => {
  test('an open connection does not keep the port', async () => {
    const { bound } = await answering(nonce);
    const socket = connect({ host: '127.0.0.1', port: bound.port });
    await once(socket, 'connect');
    await Promise.all([once(socket, 'close'), ...bound.servers.map(close)]);
    await using free = await occupy(bound.port, '127.0.0.1');
    expect(free?.port).toBe(bound.port);
  });
});
