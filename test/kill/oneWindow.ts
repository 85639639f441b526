import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { check, type Check, type Part } from './check.ts';
import { createFleet, type Kill, type WindowProcess } from './fleet.ts';
import type { StoreMode } from './messages.ts';
import { refreshOnceMore } from './round.ts';
import { createWorld, type World } from './world.ts';

const patienceMilliseconds = 10_000;
const onlyOne = { lock: true, paceMilliseconds: 20, onTally: () => undefined, onUsage: () => undefined };

/**
 * A window that is killed before SecretStorage has propagated a value: the sealed file contains it, and the next
 * window continues from there.
 */
export function killedWriterPart(mode: StoreMode, repetitions: number): Part {
  return {
    name: `a writer killed within 100 ms of store(), as on ${mode === 'desktop' ? 'the desktop' : 'code-server'}`,
    run: async () => {
      // Use one session: without a grace period, a concurrent refresh of another session would be lost.
      await using world = await createWorld(1, { accessTokenSeconds: 2, refreshGraceSeconds: 0 });
      const fleet = await createFleet({ ...onlyOne, mode });
      let lostByStorage = 0;
      let elsewhere = 0;
      for (let n = 0; n < repetitions; n++) {
        const window = fleet.open(world, `0.${n}`);
        window.tell({ type: 'dieAt', step: 'written' });
        const kill = await goneOf(window);
        if (kill?.where !== 'written') elsewhere += 1;
        if (await isFileAhead(world)) lostByStorage += 1;
      }
      return {
        checks: [
          check('every window was killed there', elsewhere === 0, `${elsewhere} elsewhere`),
          check('SecretStorage had lost the value each time', lostByStorage === repetitions, lostByStorage),
          ...(await nothingLostIn(world)),
        ],
        figures: { kills: repetitions, acceptedRefreshes: world.ledger.acceptances.length },
      };
    },
  };
}

/** A window that is closed between the server's acceptance of a refresh and its response. */
export function closedWindowPart(mode: StoreMode, repetitions: number): Part {
  return {
    name: 'a window closed during a refresh waits for its result',
    run: async () => {
      await using world = await createWorld(2, { accessTokenSeconds: 2, refreshGraceSeconds: 0 });
      const fleet = await createFleet({ ...onlyOne, mode });
      let stuck = 0;
      for (let n = 0; n < repetitions; n++) {
        const window = fleet.open(world, `0.${n}`);
        world.ledger.beforeAnswer = () => {
          window.tell({ type: 'stop' });
          return window.closing;
        };
        const kill = await goneOf(window);
        if (kill !== undefined) stuck += 1;
        world.ledger.beforeAnswer = () => undefined;
      }
      const acceptedRefreshes = world.ledger.acceptances.length;
      return {
        checks: [
          check('each window was refreshing', acceptedRefreshes >= repetitions, acceptedRefreshes),
          check('each window ended by itself', stuck === 0, `${stuck} stuck`),
          ...(await nothingLostIn(world)),
        ],
        figures: { closed: repetitions, acceptedRefreshes },
      };
    },
  };
}

/** A window whose sessions are lost does not reach any step; do not wait for it. */
async function goneOf(window: WindowProcess): Promise<Kill | undefined> {
  const giveUp = setTimeout(() => {
    window.killNow('random');
  }, patienceMilliseconds);
  const kill = await window.gone;
  clearTimeout(giveUp);
  return kill;
}

async function nothingLostIn(world: World): Promise<Check[]> {
  const finals = await refreshOnceMore(world);
  const lost = finals.filter(({ ended }) => ended !== undefined);
  return [
    check('no session was lost', lost.length === 0, lost.map(({ ended }) => ended).join(', ')),
    check('no refresh was refused', world.ledger.refused() === 0, world.ledger.refused()),
  ];
}

/** Whether a session's file is newer than the value in SecretStorage. */
async function isFileAhead({ folder, hub, sessions }: World): Promise<boolean> {
  const secrets = hub.current();
  const ahead = await Promise.all(
    sessions.map(async (id) => {
      const inFile = generationOf(await readFile(join(folder, `${id}.json`), 'utf8'));
      return inFile > generationOf(secrets[`session:${id}`] ?? '{}');
    }),
  );
  return ahead.includes(true);
}

function generationOf(text: string): number {
  return (JSON.parse(text) as { generation?: number }).generation ?? 0;
}
