import assert from 'node:assert/strict';
import { Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { after, before, describe, it } from 'mocha';

import { REDIRECT_PORTS } from './contract.ts';
import { activatedExtension } from './extension.ts';

export function declareActivation(): void {
  describe('activation', () => {
    const unhandled: string[] = [];
    const note = (reason: unknown) => {
      unhandled.push(reason instanceof Error ? (reason.stack ?? reason.message) : String(reason));
    };
    before(() => {
      process.on('unhandledRejection', note);
    });
    after(() => {
      process.off('unhandledRejection', note);
    });

    it('works', async () => {
      assert.equal((await activatedExtension()).isActive, true);
    });

    it('does not hold any callback port', async () => {
      await activatedExtension();
      const held = listeningPorts().filter((port) => REDIRECT_PORTS.includes(port));
      assert.deepEqual(held, []);
    });

    it('leaves no unhandled rejection', async () => {
      const { extensionPath } = await activatedExtension();
      await sleep(1000);
      assert.deepEqual(
        unhandled.filter((stack) => stack.includes(extensionPath)),
        [],
      );
    });
  });
}

/** Ports that this process listens on; ports held by other programs do not count. */
function listeningPorts(): number[] {
  return (process as typeof process & { _getActiveHandles(): unknown[] })
    ._getActiveHandles()
    .filter((handle) => handle instanceof Server)
    .flatMap((server) => {
      const address = server.address();
      return typeof address === 'object' && address ? [address.port] : [];
    });
}
