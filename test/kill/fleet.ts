import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import type { ClockKind } from './clocks.ts';
import type { LastStep } from './deathSteps.ts';
import type { FromWindow, NamedStep, StoreMode, Tally, ToWindow, Usage } from './messages.ts';
import { processBundle } from './processBundle.ts';
import type { World } from './world.ts';

/** A process that was killed. */
export interface Kill {
  readonly process: string;
  /** A named step, or `random` for a kill at any point. */
  readonly where: NamedStep | 'random';
  /** Epoch milliseconds. */
  readonly at: number;
}

/** A process of the fleet. */
export interface WindowProcess {
  readonly name: string;
  /** Resolves when it is running. */
  readonly ready: Promise<void>;
  /** Resolves when it has requested each token once, or has ended. */
  readonly atWork: Promise<void>;
  /** Resolves when it has received the stop message, has disposed of the product, and waits for pending work. */
  readonly closing: Promise<void>;
  /** Resolves when it has ended, with the signal that killed it, if any. */
  readonly gone: Promise<Kill | undefined>;
  readonly tell: (message: ToWindow) => void;
  readonly killNow: (where: Kill['where']) => void;
}

export interface FleetOptions {
  readonly mode: StoreMode;
  readonly lock: boolean;
  readonly paceMilliseconds: number;
  /** The scheduling priority of the processes, as in `os.setPriority`; 0 by default. */
  readonly priority?: number;
  readonly onTally: (tally: Tally) => void;
  readonly onUsage: (usage: Usage) => void;
}

/** Window processes; those of one world share its storage. */
export interface Fleet {
  readonly windows: ReadonlySet<WindowProcess>;
  open(world: World, name: string, clock?: ClockKind): WindowProcess;
}

export async function createFleet({
  onTally,
  onUsage,
  priority = 0,
  ...options
}: FleetOptions): Promise<Fleet> {
  const program = await processBundle('windowProcess');
  const windows = new Map<WindowProcess, World>();

  const open = (world: World, name: string, clock: ClockKind = 'right'): WindowProcess => {
    const child = fork(program, [], { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    if (child.pid !== undefined) setPriority(child.pid, priority);
    const journal = join(world.journals, `${name}.json`);
    const ready = Promise.withResolvers<void>();
    const atWork = Promise.withResolvers<void>();
    const closing = Promise.withResolvers<void>();
    let killed: Kill | undefined;
    const window: WindowProcess = {
      name,
      ready: ready.promise,
      atWork: atWork.promise,
      closing: closing.promise,
      gone: goneOf(child).then((signal) => {
        windows.delete(window);
        ready.resolve();
        atWork.resolve();
        return killed ?? (signal === 'SIGKILL' ? killOf(name, journal) : undefined);
      }),
      tell: (message) => {
        // A process that is ending accepts no messages; its end is handled elsewhere.
        child.send(message, () => undefined);
      },
      killNow: (where) => {
        if (child.kill('SIGKILL')) killed ??= { process: name, where, at: Date.now() };
      },
    };
    windows.set(window, world);
    child.on('message', (message: FromWindow) => {
      if (message.type === 'ready') {
        ready.resolve();
      } else if (message.type === 'closing') {
        closing.resolve();
        onUsage(message);
      } else if (message.type === 'tally') {
        atWork.resolve();
        onTally(message.tally);
      } else {
        const others = [...windows].filter(([other, its]) => other !== window && its === world);
        world.hub.took(
          message,
          others.map(([{ tell }]) => tell),
        );
      }
    });
    window.tell({
      type: 'start',
      secrets: world.hub.current(),
      config: {
        ...options,
        name,
        clock,
        journal,
        folder: world.folder,
        sandbox: world.sandbox.describe(),
        sessionIds: world.sessions,
      },
    });
    return window;
  };

  return {
    get windows() {
      return new Set(windows.keys());
    },
    open,
  };
}

async function goneOf(child: ChildProcess): Promise<NodeJS.Signals | null> {
  const [, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  return signal;
}

function killOf(name: string, journal: string): Kill {
  const { step, at } = JSON.parse(readFileSync(journal, 'utf8')) as LastStep;
  return { process: name, where: step, at };
}
