import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { findSignInError } from '../../src/core/oauth/errors.ts';
import type { ClockKind } from './clocks.ts';
import { createFleet, type Fleet, type Kill, type WindowProcess } from './fleet.ts';
import { killOneByOne, type Killing } from './killer.ts';
import type { Acceptance } from './ledger.ts';
import { accountFor, type FinalState, type LossAccount } from './losses.ts';
import type { StoreMode, Usage } from './messages.ts';
import { createTallies, type Tallies } from './tallies.ts';
import { tokenMark } from './tokenMark.ts';
import { controllerName, createMachines, openOwnWindow, type Machines, type World } from './world.ts';

export interface RoundOptions {
  readonly mode: StoreMode;
  readonly processes: number;
  /** Machines with their own storage, which share the identity providers; the processes take turns on them. */
  readonly machines: number;
  /** On each machine; half of them at Okta, half at Identity Center. */
  readonly sessions: number;
  readonly graceSeconds: number;
  /** Lifetime of an access token. */
  readonly accessTokenSeconds: number;
  /** Undefined for a round without kills. */
  readonly killing: Killing | undefined;
  readonly lock: boolean;
  /** The clocks of the processes, assigned in rotation. */
  readonly clocks: readonly ClockKind[];
  /**
   * The round ends after this number of accepted refreshes, or all its kills, and at the latest after this number
   * of seconds.
   */
  readonly refreshes: number;
  readonly seconds: number;
  /** A busy machine gets extra time until every session has been refreshed this often. */
  readonly each: number;
  /** Milliseconds between two rounds of requests in one process. */
  readonly pace: number;
  /** The scheduling priority of the processes, as in `os.setPriority`; that of the identity providers is 0. */
  readonly priority: number;
}

/** The results of a round. */
export interface RoundFigures {
  readonly options: RoundOptions;
  readonly seconds: number;
  readonly acceptedRefreshes: number;
  /** From the servers: rejected refreshes, and replaced tokens used within and after their grace period. */
  readonly refusedRefreshes: number;
  readonly reusesInsideGrace: number;
  readonly reusesAfterGrace: number;
  /** The minimum age of a refreshed token, in milliseconds since it was requested. */
  readonly youngestRefreshed: number;
  /** The maximum rate of accepted refreshes per second for one session. */
  readonly mostPerSecond: number;
  /** The minimum number of accepted refreshes for one session in the round. */
  readonly fewest: number;
  /** Accepted refreshes, including those of the final verification. */
  readonly acceptedBySession: ReadonlyMap<string, number>;
  readonly finals: readonly FinalState[];
  readonly kills: readonly Kill[];
  readonly losses: LossAccount;
  readonly tallies: Tallies;
  /** Resource usage of each process when it was stopped. */
  readonly usages: readonly Usage[];
  /** Processes that did not end by themselves when stopped. */
  readonly stuck: number;
  /** Number of processes running at the start of the round: fewer than requested if the machine is too slow. */
  readonly atWork: number;
  /** How long it took to start them. */
  readonly startSeconds: number;
  /** Processor time of this process, which includes the identity providers, while they were at work. */
  readonly serverMilliseconds: number;
}

/** Number of processes that start or end at a time; more would starve the round's server and delay its responses. */
const atATime = 8;
/** Timeout for starting processes; no more are started afterwards. */
const startPatienceMilliseconds = 60_000;
const stopPatienceMilliseconds = 30_000;
const mostLongerMilliseconds = 30_000;
const lookMilliseconds = 500;

/** Runs processes with shared storage until there are enough refreshes, then checks every session. */
export async function runRound(options: RoundOptions): Promise<RoundFigures> {
  const { accessTokenSeconds, graceSeconds: refreshGraceSeconds } = options;
  await using machines = await createMachines(options.machines, options.sessions, {
    accessTokenSeconds,
    refreshGraceSeconds,
  });
  const { worlds, ledger } = machines;
  const tallies = createTallies();
  const kills: Kill[] = [];
  const usages: Usage[] = [];
  const fleet = await createFleet({
    mode: options.mode,
    lock: options.lock,
    paceMilliseconds: options.pace,
    priority: options.priority,
    onTally: tallies.add,
    onUsage: (usage) => usages.push(usage),
  });
  const over = new AbortController();
  const fill = async (seat: number, started: () => void): Promise<void> => {
    const world = worlds[seat % worlds.length];
    if (world === undefined) return;
    const clock = options.clocks[seat % options.clocks.length];
    for (let turn = 0; !over.signal.aborted; turn++) {
      const window = fleet.open(world, `${seat}.${turn}`, clock);
      void window.atWork.then(started);
      const kill = await window.gone;
      if (kill === undefined) return;
      kills.push(kill);
    }
  };
  const seats: Promise<void>[] = [];
  const startsAt = performance.now();
  let atWork = 0;
  for (let seat = 0; seat < options.processes && atWork === seat; seat += atATime) {
    const together = Math.min(atATime, options.processes - seat);
    const starts = Array.from({ length: together }, () => Promise.withResolvers<void>());
    starts.forEach(({ resolve }, at) =>
      seats.push(
        fill(seat + at, () => {
          atWork += 1;
          resolve();
        }),
      ),
    );
    await Promise.race([
      Promise.all(starts.map(({ promise }) => promise)),
      wait(startPatienceMilliseconds, undefined, { ref: false }),
    ]);
  }
  const startSeconds = (performance.now() - startsAt) / 1000;
  const atWorkInTime = atWork;
  const startedAt = performance.now();
  const killed = options.killing && killOneByOne(fleet, ledger, options.killing, over.signal);
  const processorBefore = process.cpuUsage();
  await Promise.race([
    untilEnough(machines, options, over.signal).catch(() => undefined),
    ...(killed === undefined ? [] : [killed]),
  ]);
  const seconds = (performance.now() - startedAt) / 1000;
  const { user, system } = process.cpuUsage(processorBefore);
  over.abort();
  await killed;
  const stuck = await stopAll(fleet);
  await Promise.all(seats);
  const finals: FinalState[] = [];
  for (const world of worlds) finals.push(...(await refreshOnceMore(world)));
  return {
    // Running processes already refresh while others start.
    ...countsOf(machines, startSeconds + seconds),
    options,
    seconds,
    finals,
    kills,
    tallies,
    usages,
    stuck,
    atWork: atWorkInTime,
    startSeconds,
    serverMilliseconds: (user + system) / 1000,
    losses: accountFor(finals, ledger.acceptances, kills),
  };
}

async function untilEnough(
  machines: Machines,
  { refreshes, seconds, each }: RoundOptions,
  signal: AbortSignal,
): Promise<void> {
  await Promise.race([machines.ledger.reached(refreshes), wait(seconds * 1000, undefined, { signal })]);
  for (let longer = 0; longer < mostLongerMilliseconds; longer += lookMilliseconds) {
    if (Math.min(...refreshesOf(machines)) >= each) return;
    await wait(lookMilliseconds, undefined, { signal });
  }
}

/** How often each session was refreshed by a process of the round. */
function refreshesOf({ ledger, worlds }: Machines): readonly number[] {
  const asked = ledger.acceptances.filter(({ asker }) => asker !== controllerName);
  const counts = countBySession(asked);
  return worlds.flatMap(({ sessions }) => sessions.map((id) => counts.get(id) ?? 0));
}

function countBySession(acceptances: readonly Acceptance[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { session } of acceptances) counts.set(session, (counts.get(session) ?? 0) + 1);
  return counts;
}

async function stopAll(fleet: Fleet): Promise<number> {
  let stuck = 0;
  const stop = async (window: WindowProcess): Promise<void> => {
    window.tell({ type: 'stop' });
    const giveUp = setTimeout(() => {
      stuck += 1;
      window.killNow('random');
    }, stopPatienceMilliseconds);
    await window.gone;
    clearTimeout(giveUp);
  };
  const windows = [...fleet.windows];
  for (let first = 0; first < windows.length; first += atATime)
    await Promise.all(windows.slice(first, first + atATime).map(stop));
  return stuck;
}

/** The sessions that a new window finds, and whether each can still be refreshed, which only the server knows. */
export async function refreshOnceMore(world: World): Promise<FinalState[]> {
  using window = openOwnWindow(world);
  const noSignal = new AbortController().signal;
  return await Promise.all(
    world.sessions.map(async (id) => {
      const before = (await window.list()).sessions.find((one) => one.id === id);
      const failure = await window.refresh(id, noSignal).then(
        () => undefined,
        (error: unknown) => findSignInError(error)?.kind ?? String(error),
      );
      const { sessions } = await window.list();
      const found = sessions.find((one) => one.id === id);
      const text = await readFile(join(world.folder, `${id}.json`), 'utf8');
      const { generation } = JSON.parse(text) as { generation: number };
      const held = found?.tokenSet.refreshToken ?? before?.tokenSet.refreshToken;
      const holds = held === undefined ? (world.ledger.lastRefused(id) ?? '') : tokenMark(held);
      const asked = world.ledger.acceptances.some(
        ({ asker, session }) => asker === controllerName && session === id,
      );
      const hasIdToken = found?.requestedScopes?.includes('openid') === true;
      return { session: id, asked, hasIdToken, generation, holds, ended: found?.ended?.kind ?? failure };
    }),
  );
}

function countsOf(machines: Machines, seconds: number) {
  const { sandbox, ledger } = machines;
  const okta = sandbox.okta.stats();
  const identityCenter = sandbox.identityCenter.stats();
  const asked = ledger.acceptances.filter(({ asker }) => asker !== controllerName);
  const counts = refreshesOf(machines);
  return {
    acceptedRefreshes: ledger.acceptances.length,
    refusedRefreshes: ledger.refused(),
    reusesInsideGrace: okta.reusesInsideGrace + identityCenter.reusesInsideGrace,
    reusesAfterGrace: okta.reusesAfterGrace + identityCenter.reusesAfterGrace,
    youngestRefreshed: Math.min(...asked.map(({ spentAge }) => spentAge)),
    mostPerSecond: Math.max(...counts) / seconds,
    fewest: Math.min(...counts),
    acceptedBySession: countBySession(ledger.acceptances),
  };
}
