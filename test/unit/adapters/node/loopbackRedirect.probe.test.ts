import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createLoopbackRedirect } from '../../../../src/adapters/node/loopbackRedirect.ts';
import { browse } from '../../fakes/browse.ts';
import { localServer } from '../../fakes/localServer.ts';
import { loopbackPageTexts } from '../../fakes/loopbackPageTexts.ts';
import { freePorts, hasIpv6, occupy } from '../../fakes/ports.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

const path = '/oauth/callback';
const redirect = createLoopbackRedirect(() => loopbackPageTexts);
const withIpv6 = await hasIpv6();

/**
 * Simulates another program that receives the connections to an address and port: one that was faster, or a
 * system filter. On Linux no program can take over a port like this, so connections are redirected instead.
 */
const detours = new Map<string, number>();
const { connect } = net;
beforeAll(() => {
  const bent = (to: net.TcpNetConnectOpts): net.Socket => {
    const port = detours.get(`${to.host ?? ''} ${to.port}`) ?? detours.get('the next');
    detours.delete('the next');
    return connect(port === undefined ? to : { host: '127.0.0.1', port });
  };
  net.connect = bent as typeof net.connect;
  syncBuiltinESMExports();
});
afterEach(() => {
  detours.clear();
});
afterAll(() => {
  net.connect = connect;
  syncBuiltinESMExports();
});

describe('createLoopbackRedirect: another program that answers at', () => {
  const strangers: readonly (readonly [string, RequestListener])[] = [
    ['with a page', (_, response) => void response.end('<p>Welcome')],
    ['with nothing', (request) => void request.socket.destroy()],
    [
      'with what it was asked',
      (request, response) => void response.writeHead(200, { 'x-asked': String(request.url) }).end(),
    ],
    [
      'with our header and another nonce',
      (_, response) => void response.writeHead(200, { 'X-Developer-Sign-In': 'f'.repeat(32) }).end(),
    ],
  ];

  test.each(strangers)('127.0.0.1 %s: uses the next port', async (_, handle) => {
    const [first = 0, second = 0] = await freePorts(2);
    await using stranger = await localServer(handle);
    detours.set(`127.0.0.1 ${first}`, Number(new URL(stranger.url).port));
    await using listener = await redirect.listen([first, second], path);
    expect(listener.port).toBe(second);
    // The port that another program answers on is released too.
    await using free = await occupy(first, '127.0.0.1');
    expect(free?.port).toBe(first);
  });

  test.skipIf(!withIpv6)('::1 only: uses the next port', async () => {
    const [first = 0, second = 0] = await freePorts(2);
    await using stranger = await localServer((_, response) => void response.end());
    detours.set(`::1 ${first}`, Number(new URL(stranger.url).port));
    await using listener = await redirect.listen([first, second], path);
    expect(listener.port).toBe(second);
  });

  test('the last port: reports which, where and why', async () => {
    const [port = 0] = await freePorts(1);
    await using stranger = await localServer((_, response) => void response.end());
    detours.set(`127.0.0.1 ${port}`, Number(new URL(stranger.url).port));
    expect(await rejectionOf(redirect.listen([port], path))).toMatchObject({
      kind: 'portsUnavailable',
      details: { ports: [{ port, address: '127.0.0.1', code: 'EFOREIGN' }] },
    });
  });

  test("a port, endlessly: stops after the probe's limit", async () => {
    const [first = 0, second = 0] = await freePorts(2);
    await using stranger = await localServer(({ socket }) => {
      const more = (): void => {
        while (!socket.destroyed && socket.write('x'.repeat(8192)));
      };
      socket.on('drain', more);
      more();
    });
    detours.set(`127.0.0.1 ${first}`, Number(new URL(stranger.url).port));
    await using listener = await redirect.listen([first, second], path);
    expect(listener.port).toBe(second);
  });
});

describe('createLoopbackRedirect: a real program', () => {
  test.skipIf(!withIpv6)(
    'on ::1 only, as on macOS: uses the next port, and leaves 127.0.0.1 free',
    async () => {
      const [first = 0, second = 0] = await freePorts(2);
      const program = createServer((_, response) => void response.end('Another program')).listen(
        first,
        '::1',
      );
      await once(program, 'listening');
      try {
        await using listener = await redirect.listen([first, second], path);
        expect(listener.port).toBe(second);
        expect((await browse(first, path, { address: '::1' })).body).toBe('Another program');
        await using free = await occupy(first, '127.0.0.1');
        expect(free?.port).toBe(first);
      } finally {
        program.close();
        program.closeAllConnections();
      }
    },
  );

  test('on all addresses of the machine: uses the next port', async () => {
    const [first = 0, second = 0] = await freePorts(2);
    await using _ = await occupy(first, withIpv6 ? '::' : '0.0.0.0');
    await using listener = await redirect.listen([first, second], path);
    expect(listener.port).toBe(second);
  });
});

describe('createLoopbackRedirect: any free port', () => {
  test('is bound on both addresses', async () => {
    await using listener = await redirect.listen([0], path);
    expect(listener.port).toBeGreaterThan(0);
    const addresses = withIpv6 ? ['127.0.0.1', '::1'] : ['127.0.0.1'];
    for (const address of addresses) {
      expect((await browse(listener.port, `${path}/ended`, { address })).body).toContain(
        'notThisSignIn title',
      );
    }
  });

  test('that another program answers on is replaced by another', async () => {
    await using stranger = await localServer((_, response) => void response.end());
    detours.set('the next', Number(new URL(stranger.url).port));
    await using listener = await redirect.listen([0], path);
    expect(detours.size).toBe(0);
    expect((await browse(listener.port, `${path}/ended`)).body).toContain('notThisSignIn title');
  });

  test('differs for each listener', async () => {
    await using first = await redirect.listen([0], path);
    await using second = await redirect.listen([0], path);
    expect(first.port).not.toBe(second.port);
  });
});
