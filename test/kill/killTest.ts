import { constants } from 'node:os';
import type { Check, Part } from './check.ts';
import { countingPart } from './counting.ts';
import { deadLockPart, stoppedHolderPart } from './locking.ts';
import { closedWindowPart, killedWriterPart } from './oneWindow.ts';
import type { Killing } from './killer.ts';
import { runRound, type RoundFigures, type RoundOptions } from './round.ts';
import {
  checksWithAnyClock,
  checksWithGrace,
  checksWithoutGrace,
  checksWithoutKills,
  checksWithoutLock,
  checksWithRetries,
  checksWithSteadyClock,
} from './roundChecks.ts';

/** The scale of the test; the parts are always the same. */
export interface KillTestSize {
  readonly processes: number;
  readonly sessions: number;
  /**
   * The first round ends after this number of accepted refreshes, and must reach it within this number of
   * seconds.
   */
  readonly refreshes: number;
  readonly refreshSeconds: number;
  /** Duration of a round without kills, and maximum duration of one with kills. */
  readonly roundSeconds: number;
  /** Duration of the round without a lock: several token lifetimes, or a slow machine would lose no session. */
  readonly withoutLockSeconds: number;
  readonly killSeconds: number;
  readonly killing: Killing;
  /** Without a grace period each kill costs sessions, so use fewer kills and enough sessions. */
  readonly killingWithoutGrace: Killing;
  readonly sessionsWithoutGrace: number;
  /** How long a process is suspended while others wait for its lock. */
  readonly stoppedMilliseconds: number;
  readonly repetitions: number;
}

/** The full kill test: eight processes, forty sessions, at least 2,000 refreshes within four minutes. */
export const fullSize: KillTestSize = {
  processes: 8,
  sessions: 40,
  refreshes: 2000,
  refreshSeconds: 240,
  roundSeconds: 20,
  withoutLockSeconds: 10,
  killSeconds: 120,
  killing: { everyMilliseconds: 500, times: 5 },
  killingWithoutGrace: { everyMilliseconds: 500, times: 2 },
  sessionsWithoutGrace: 40,
  stoppedMilliseconds: 3000,
  repetitions: 200,
};

/** A short version for daily runs. */
export const shortSize: KillTestSize = {
  processes: 3,
  sessions: 8,
  refreshes: 40,
  refreshSeconds: 30,
  roundSeconds: 3,
  withoutLockSeconds: 15,
  killSeconds: 40,
  killing: { everyMilliseconds: 50, times: 1 },
  killingWithoutGrace: { everyMilliseconds: 50, times: 1 },
  sessionsWithoutGrace: 24,
  stoppedMilliseconds: 1500,
  repetitions: 40,
};

/** The parts of the kill test, in order. */
export function killTestParts(size: KillTestSize): Part[] {
  const { processes, sessions, repetitions } = size;
  const usual = {
    processes,
    sessions,
    mode: 'desktop',
    machines: 1,
    graceSeconds: 0,
    accessTokenSeconds: 2,
    killing: undefined,
    lock: true,
    clocks: ['right'],
    refreshes: Infinity,
    seconds: size.roundSeconds,
    each: 0,
    pace: 400,
    priority: 0,
  } as const;
  const round = (
    name: string,
    change: Partial<RoundOptions>,
    checks: (figures: RoundFigures) => Check[],
  ): Part => ({
    name,
    run: async () => {
      const figures = await runRound({ ...usual, ...change });
      return { checks: checks(figures), figures: summaryOf(figures) };
    },
  });
  const kills = { killing: size.killing, seconds: size.killSeconds };
  return [
    round(
      'no kills, grace 0',
      { refreshes: size.refreshes, seconds: size.refreshSeconds, each: 2 },
      (figures) => [...checksWithoutKills(figures), enough(figures, size)],
    ),
    round('no kills, grace 0, code-server', { mode: 'codeServer', each: 2 }, checksWithoutKills),
    round(
      'no kills, grace 0, lock off',
      { lock: false, seconds: size.withoutLockSeconds },
      checksWithoutLock,
    ),
    round(
      'no kills, grace 0, a clock two hours ahead',
      { clocks: ['ahead'], each: 2 },
      checksWithSteadyClock,
    ),
    round(
      'no kills, grace 0, a clock two hours behind',
      { clocks: ['behind'], each: 2 },
      checksWithSteadyClock,
    ),
    round('no kills, grace 0, a jumping clock', { clocks: ['jumping'], each: 2 }, checksWithAnyClock),
    round(
      'no kills, grace 0, windows with clocks hours apart',
      { clocks: ['ahead', 'behind', 'jumping', 'right'], each: 2 },
      checksWithAnyClock,
    ),
    round('kills, grace 30 s', { ...kills, graceSeconds: 30 }, checksWithGrace),
    round(
      'kills, grace 30 s, code-server',
      { ...kills, graceSeconds: 30, mode: 'codeServer' },
      checksWithGrace,
    ),
    round(
      'kills, grace 0',
      { ...kills, killing: size.killingWithoutGrace, sessions: size.sessionsWithoutGrace },
      checksWithoutGrace,
    ),
    countingPart('the lock handed on, SecretStorage as on the desktop', {
      mode: 'desktop',
      processes,
      times: repetitions / 2,
      firstTime: false,
    }),
    countingPart('the lock handed on, SecretStorage as on code-server', {
      mode: 'codeServer',
      processes,
      times: repetitions / 2,
      firstTime: false,
    }),
    countingPart('the first time, in all windows at once', {
      mode: 'desktop',
      processes,
      times: repetitions / 4,
      firstTime: true,
    }),
    killedWriterPart('desktop', Math.ceil(repetitions / 20)),
    killedWriterPart('codeServer', Math.ceil(repetitions / 20)),
    closedWindowPart('desktop', Math.ceil(repetitions / 20)),
    deadLockPart(processes, repetitions),
    stoppedHolderPart(processes, size.stoppedMilliseconds),
  ];
}

/** Number of windows, and how long they share the same sessions. */
export interface CrowdSize {
  readonly processes: number;
  /** Machines that the processes are on, each with its own storage. */
  readonly machines: number;
  /** On each machine. */
  readonly sessions: number;
  readonly seconds: number;
  /** How long the servers accept a refresh token after its first use. */
  readonly graceSeconds: number;
}

/** Milliseconds between two rounds of requests, so that two cores can serve all windows and refresh their tokens. */
export function crowdPace(processes: number): number {
  return Math.max(2000, 100 * processes);
}

/**
 * Many busy windows, those of a machine with the same sessions: no session is lost, and one window refreshes for
 * all. The figures include their cost.
 */
export function crowdPart({ processes, machines, sessions, seconds, graceSeconds }: CrowdSize): Part {
  return {
    name: `${processes} processes on ${machines} machines, ${sessions} sessions each, ${seconds} s, tokens of 20 s`,
    run: async () => {
      const figures = await runRound({
        ...{
          processes,
          machines,
          sessions,
          seconds,
          graceSeconds,
          mode: 'desktop',
          accessTokenSeconds: 20,
        },
        ...{ killing: undefined, lock: true, clocks: ['right'], refreshes: Infinity, each: 2 },
        pace: crowdPace(processes),
        // Identity providers are on other computers, which the windows do not slow down.
        priority: constants.priority.PRIORITY_LOW,
      });
      const { usages } = figures;
      const sum = (values: readonly number[]): number => values.reduce((total, one) => total + one, 0);
      return {
        checks: graceSeconds === 0 ? checksWithoutKills(figures) : checksWithRetries(figures),
        figures: {
          ...summaryOf(figures),
          megabytesPerWindow: Math.round(sum(usages.map((one) => one.memoryBytes)) / usages.length / 1e6),
          serverMillisecondsPerSecond: figures.serverMilliseconds / figures.seconds,
          startMillisecondsPerWindow: sum(usages.map((one) => one.startMilliseconds)) / usages.length,
          processorMillisecondsPerWindowAndSecond:
            sum(usages.map((one) => one.processorMilliseconds)) / sum(usages.map((one) => one.seconds)),
        },
      };
    },
  };
}

function enough({ acceptedRefreshes, seconds }: RoundFigures, size: KillTestSize): Check {
  return {
    name: `at least ${size.refreshes} refreshes within ${size.refreshSeconds} s`,
    ok: acceptedRefreshes >= size.refreshes && seconds <= size.refreshSeconds,
    seen: `${acceptedRefreshes} in ${seconds.toFixed(0)} s`,
  };
}

/** A round, by numbers. */
function summaryOf(figures: RoundFigures) {
  const { options, finals, kills, losses, tallies, usages: _, acceptedBySession, ...counts } = figures;
  const tally = tallies.sum();
  return {
    ...options,
    ...counts,
    acceptedBySession: Object.fromEntries(acceptedBySession),
    lost: finals.filter(({ ended }) => ended !== undefined).length,
    kills: kills.length,
    killsByStep: countBy(kills.map(({ where }) => where)),
    lossesExplained: losses.explained.map(({ session, kill, acceptedBefore }) => ({
      session,
      process: kill.process,
      where: kill.where,
      killedAfterAcceptance: acceptedBefore,
    })),
    lossesByStep: countBy(losses.explained.map(({ kill }) => kill.where)),
    lossesUnexplained: losses.unexplained,
    ...tally,
  };
}

function countBy(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
