import fc from 'fast-check';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { contextOf, createSealingKey, seal } from '../../../../src/adapters/node/sealing.ts';
import { fakeSecrets } from '../../fakes/fakeSecrets.ts';
import { recordsWindow } from '../../fakes/recordsWindow.ts';
import { temporaryFolder } from '../../fakes/temporaryFolder.ts';

const id = 'a'.repeat(32);

/** A browser or a computer, with its windows and the record that it wrote last. */
interface Keyring {
  key: ReturnType<typeof createSealingKey>;
  /** The secrets of a window that opens now. */
  stored: Map<string, string>;
  windows: ReturnType<typeof recordsWindow>[];
  last: string | undefined;
  /** Whether it may be outdated: release 0.1.0 wrote it, and another key the newest file. */
  isDoubtful: boolean;
}

const steps = ['write', 'remove', 'open', 'lose'] as const;
const step = fc.record({
  keyring: fc.nat({ max: 2 }),
  window: fc.nat({ max: 3 }),
  does: fc.constantFrom(...steps, ...(['write', 'remove', 'open'] as const)),
});
const start = fc.array(fc.nat({ max: 2 }), { maxLength: 4 });

/** A window whose SecretStorage is updated by the others (`isLive`), or only by a reload, as in code-server. */
function open(folder: string, { stored, windows }: Keyring, isLive: boolean): void {
  const secrets = fakeSecrets(Object.fromEntries(stored));
  windows.push(
    recordsWindow(folder, {
      ...secrets,
      get: async (name) => (isLive ? stored : secrets.map).get(name),
      set: async (name, value) => {
        stored.set(name, value);
        await secrets.set(name, value);
      },
      delete: async (name) => {
        stored.delete(name);
        await secrets.delete(name);
      },
    }),
  );
}

function createKeyring(): Keyring {
  const key = createSealingKey();
  const stored = new Map([['sealingKey', key.bytes.toString('base64')]]);
  return { key, stored, windows: [], last: undefined, isDoubtful: false };
}

/** A record as release 0.1.0 writes it: one file for every keyring, and a secret that does not name its own. */
async function writeAsOldRelease(folder: string, keyring: Keyring, generation: number): Promise<void> {
  keyring.last = `old ${generation}`;
  const sealed = seal(keyring.last, keyring.key, contextOf(id, { generation, removed: false }));
  const file = { version: 1, generation, removed: false, about: 'about', ...sealed };
  await writeFile(join(folder, `${id}.json`), JSON.stringify(file));
  keyring.stored.set(`session:${id}`, JSON.stringify({ generation, record: keyring.last }));
}

test('createSealedRecords: each keyring at a folder has the record that it wrote last, in all its windows', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 14 }), start, fc.boolean(), async (plan, old, isLive) => {
      await using folder = await temporaryFolder();
      const keyrings = [createKeyring(), createKeyring(), createKeyring()];
      const at = (index: number): Keyring => keyrings[index] ?? createKeyring();
      for (const [index, one] of old.entries()) {
        await writeAsOldRelease(folder.path, at(one), index + 1);
        for (const [which, keyring] of keyrings.entries())
          keyring.isDoubtful = which !== one && keyring.last !== undefined;
      }
      for (const keyring of keyrings) open(folder.path, keyring, isLive);
      for (const [index, { keyring: which, window, does }] of plan.entries()) {
        const keyring = at(which);
        const chosen = keyring.windows[window % keyring.windows.length];
        if (does === 'open') open(folder.path, keyring, isLive);
        if (does === 'write') {
          keyring.last = `record ${index}`;
          await chosen?.write(id, keyring.last, 'about');
        }
        if (does === 'write' || does === 'remove') keyring.isDoubtful = false;
        if (does === 'remove') {
          keyring.last = undefined;
          await chosen?.remove(id);
        }
        if (does === 'lose') {
          Object.assign(keyring, createKeyring());
          open(folder.path, keyring, isLive);
        }
        for (const { windows, last, isDoubtful } of keyrings)
          for (const one of windows) {
            const reading = await one.read(id);
            const states =
              last === undefined ? ['absent', 'lost'] : isDoubtful ? ['newest', 'older'] : ['newest'];
            expect(states).toContain(reading.state);
            if (last !== undefined) expect(reading).toMatchObject({ record: last });
          }
      }
    }),
    { numRuns: 40 },
  );
});
