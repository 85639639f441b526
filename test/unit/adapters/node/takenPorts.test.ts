import { describe, expect, test } from 'vitest';
import { takenPorts } from '../../../../src/adapters/node/takenPorts.ts';
import { holdPort } from '../../../protocol/ports.ts';
import { freePorts } from '../../fakes/ports.ts';

describe('takenPorts: loopback ports', () => {
  test('that are free are not listed, and stay free', async () => {
    const ports = await freePorts(3);
    expect(await takenPorts(ports)).toEqual([]);
    expect(await takenPorts(ports)).toEqual([]);
  });

  test.each(['127.0.0.1', '::1'] as const)(
    'in use on %s are listed with the address and the error',
    async (address) => {
      await using held = await holdPort(address);
      const [free = 0] = await freePorts(1);
      expect(await takenPorts([held.port, free])).toEqual([{ port: held.port, address, code: 'EADDRINUSE' }]);
    },
  );
});
