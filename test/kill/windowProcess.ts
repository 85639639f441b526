import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { findSignInError } from '../../src/core/oauth/errors.ts';
import type { Clock } from '../../src/core/ports.ts';
import type { Session } from '../../src/core/session/session.ts';
import type { Sessions } from '../../src/core/session/sessions.ts';
import type { SandboxDescription } from '../sandbox/sandbox.ts';
import { clockOf } from './clocks.ts';
import { createDeathSteps } from './deathSteps.ts';
import type { FromWindow, Secrets, Tally, ToWindow, Usage, WindowConfig } from './messages.ts';
import { createProcessSecrets } from './processSecrets.ts';
import { openProduct } from './product.ts';

/** One window: the real core and adapters, and tools that request the token of every session repeatedly. */
process.once('message', (message: ToWindow) => {
  if (message.type === 'start') void openWindow(message.config, message.secrets);
});
// Exit when the controller is gone.
process.on('disconnect', () => process.exit());

async function openWindow(config: WindowConfig, atStart: Secrets): Promise<void> {
  const secrets = createProcessSecrets(config.mode, atStart, send);
  const clock = clockOf(config.clock);
  const steps = createDeathSteps(config.name, config.journal, clock);
  steps.aroundRename();
  const alone = new Set<Promise<unknown>>();
  const { sessions } = openProduct({
    ...config,
    clock,
    secrets,
    http: steps.http,
    records: (records) => {
      const stepping = steps.records(records);
      return {
        ...stepping,
        withLock: (id, signal, work) => {
          const working = config.lock ? stepping.withLock(id, signal, work) : work();
          const kept = working.catch(() => undefined).finally(() => alone.delete(kept));
          alone.add(kept);
          return working;
        },
      };
    },
  });
  const stopped = new AbortController();
  let atWork: Moment | undefined;
  process.on('message', (message: ToWindow) => {
    if (message.type === 'secret') secrets.heard(message.key, message.value);
    if (message.type === 'dieAt') steps.dieAt(message.step);
    if (message.type === 'stop') {
      // As when a window closes: dispose of the extension, and let pending work complete.
      sessions[Symbol.dispose]();
      stopped.abort();
      send({ type: 'closing', ...usageSince(atWork) });
    }
  });
  send({ type: 'ready' });
  const onWork = (): void => {
    atWork ??= momentNow();
  };
  await askAgainAndAgain(config, { clock: clock, sessions: sessions }, onWork, stopped.signal);
  await Promise.all(alone);
  process.disconnect();
}

/** Proportional set size on Linux, resident set size elsewhere. */
function memoryHere(): number {
  try {
    const kilobytes = /^Pss:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/smaps_rollup', 'utf8'))?.[1];
    if (kilobytes !== undefined) return Number(kilobytes) * 1024;
  } catch {
    // Not on this system.
  }
  return process.memoryUsage.rss();
}

/** A time, and the process's resource usage until then. */
interface Moment {
  readonly at: number;
  readonly used: NodeJS.CpuUsage;
}

function momentNow(): Moment {
  return { at: performance.now(), used: process.cpuUsage() };
}

function usageSince(atWork = momentNow()): Usage {
  const millisecondsOf = ({ user, system }: NodeJS.CpuUsage): number => (user + system) / 1000;
  return {
    memoryBytes: memoryHere(),
    startMilliseconds: millisecondsOf(atWork.used),
    processorMilliseconds: millisecondsOf(process.cpuUsage(atWork.used)),
    seconds: (performance.now() - atWork.at) / 1000,
  };
}

/** Requests tokens by the given clock. */
interface Asking {
  readonly clock: Clock;
  readonly sessions: Sessions;
}

async function askAgainAndAgain(
  { sessionIds, sandbox, paceMilliseconds }: WindowConfig,
  { clock, sessions }: Asking,
  onWork: () => void,
  stopped: AbortSignal,
): Promise<void> {
  let tally = emptyTally();
  const pause = (longest: number): Promise<void> =>
    wait(longest * Math.random(), undefined, { signal: stopped }).catch(() => undefined);
  const unasked = new Set(sessionIds);
  const firstRound = Promise.withResolvers<void>();
  const askFor = async (id: string): Promise<void> => {
    while (!stopped.aborted) {
      const session = await ask({ sessions, clock }, id, stopped, tally);
      unasked.delete(id);
      if (unasked.size === 0) firstRound.resolve();
      if (session === 'over') return;
      // All processes together use one token each per round of requests.
      const mayUse = Math.random() * sessionIds.length < 1;
      if (session !== undefined && mayUse) await use(session, clock, sandbox, tally);
      await pause(2 * paceMilliseconds);
    }
  };
  const tell = async (): Promise<void> => {
    await firstRound.promise;
    onWork();
    while (!stopped.aborted) {
      send({ type: 'tally', tally });
      tally = emptyTally();
      await pause(2 * paceMilliseconds);
    }
    send({ type: 'tally', tally });
  };
  await Promise.all([...sessionIds.map(askFor), tell()]);
}

/** One call of `fresh`; skips sessions that have ended. */
async function ask(
  { sessions, clock }: Asking,
  id: string,
  stopped: AbortSignal,
  tally: OpenTally,
): Promise<Session | 'over' | undefined> {
  const asked = clock.now();
  const started = performance.now();
  try {
    const session = await sessions.withFreshToken(id, stopped);
    tally.handedOut += 1;
    if (session.tokenSet.expiresAt <= clock.now()) tally.handedOutExpired += 1;
    if (session.tokenSet.obtainedAt >= asked) tally.waits.push(performance.now() - started);
    return session;
  } catch (error) {
    if (stopped.aborted) return undefined;
    const kind = findSignInError(error)?.kind ?? String(error);
    tally.failures[kind] = (tally.failures[kind] ?? 0) + 1;
    return kind === 'grantRevoked' ? 'over' : undefined;
  }
}

/** Uses a token that was just returned at its protected resource. */
async function use(
  session: Session,
  clock: Clock,
  sandbox: SandboxDescription,
  tally: OpenTally,
): Promise<void> {
  const { accessToken } = session.tokenSet;
  const at = session.type === 'okta' ? sandbox.okta : sandbox.identityCenter;
  const headers = { Authorization: `Bearer ${accessToken}`, TokenType: 'EXTERNAL_IDP' };
  // If the server closes the connection, its response says nothing about the token.
  const status = await fetch(at.protectedUrl, { headers })
    .then(statusAtTheEnd)
    .catch(() => undefined);
  if (status === undefined) return;
  tally.uses += 1;
  if (status === 200) return;
  if (hadToBeGood(session, clock)) tally.refusedWhileGood += 1;
  else tally.refusedLate += 1;
}

async function statusAtTheEnd(response: Response): Promise<number> {
  await response.arrayBuffer();
  return response.status;
}

/**
 * Okta's tokens have an expiry in whole seconds of Okta's correct clock, so two seconds may be barely more than
 * one. The two seconds of an Identity Center token begin when the server responds, later than this process
 * assumes. A token obtained with a different clock offset says nothing.
 */
function hadToBeGood({ type, tokenSet }: Session, clock: Clock): boolean {
  if (type === 'identityCenter') {
    const now = clock.now();
    return now >= tokenSet.obtainedAt && now < tokenSet.expiresAt;
  }
  const claims = Buffer.from(tokenSet.accessToken.split('.')[1] ?? '', 'base64url').toString();
  return Date.now() < (JSON.parse(claims) as { exp: number }).exp * 1000;
}

type OpenTally = { -readonly [member in keyof Tally]: Tally[member] } & {
  readonly failures: Record<string, number>;
  readonly waits: number[];
};

function emptyTally(): OpenTally {
  const none = { handedOut: 0, handedOutExpired: 0, uses: 0, refusedWhileGood: 0, refusedLate: 0 };
  return { ...none, failures: {}, waits: [] };
}

function send(message: FromWindow): void {
  if (process.connected) process.send?.(message);
}
