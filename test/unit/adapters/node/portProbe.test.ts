import { describe, expect, test } from 'vitest';
import { probePorts } from '../../../../src/adapters/node/portProbe.ts';
import { freePorts, hasIpv6, occupy } from '../../fakes/ports.ts';

describe('probePorts', () => {
  test('binds a free port on both addresses and releases it at once', async () => {
    const [port = 0] = await freePorts(1);
    const looks = [await probePorts([port]), await probePorts([port])];
    const refusals = (await hasIpv6()) ? [] : [{ port, address: '::1', code: expect.any(String) as string }];
    expect(looks).toEqual([[{ port, refusals }], [{ port, refusals }]]);
  });

  test('reports a port in use with its address and the system’s code', async () => {
    const [port = 0, other = 0] = await freePorts(2);
    await using held = await occupy(port, '127.0.0.1');
    expect(held).toBeDefined();
    const [first, second] = await probePorts([port, other]);
    expect(first?.refusals[0]).toEqual({ port, address: '127.0.0.1', code: 'EADDRINUSE' });
    expect(second?.refusals.find(({ address }) => address === '127.0.0.1')).toBeUndefined();
  });
});
