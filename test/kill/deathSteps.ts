import { writeFileSync } from 'node:fs';
import fsPromises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import type { Clock, HttpFetch, SessionRecords } from '../../src/core/ports.ts';
import type { Session } from '../../src/core/session/session.ts';
import { askerHeader } from './ledger.ts';
import type { NamedStep } from './messages.ts';
import { tokenMark } from './tokenMark.ts';

/** Kills the process the next time it reaches `step`. */
export interface DeathSteps {
  dieAt(step: NamedStep): void;
  readonly http: (http: HttpFetch) => HttpFetch;
  readonly records: (records: SessionRecords) => SessionRecords;
  /** Wraps the renames of this process from now on. */
  aroundRename(): void;
}

/** Journal entry written right before the end, so that the controller knows the step. */
export interface LastStep {
  readonly step: NamedStep;
  readonly at: number;
}

/**
 * The named steps of a refresh, observed at the ports and at the system's `rename`. At the chosen step, the
 * process sends itself SIGKILL, which it cannot handle.
 * @param name sent with each refresh request, with a mark of the refresh token and the token's age by `clock`
 */
export function createDeathSteps(name: string, journal: string, clock: Pick<Clock, 'now'>): DeathSteps {
  let chosen: NamedStep | undefined;
  const obtainedAt = new Map<string, number>();
  const pass = (step: NamedStep): void => {
    if (step !== chosen) return;
    const words: LastStep = { step, at: Date.now() };
    writeFileSync(journal, JSON.stringify(words));
    process.kill(process.pid, 'SIGKILL');
  };

  return {
    dieAt: (step) => {
      chosen = step;
    },
    http: (http) => async (url, init) => {
      const spent = spentToken(init.body);
      if (spent === undefined) return http(url, init);
      pass('beforeRequest');
      const mark = tokenMark(spent);
      const age = clock.now() - (obtainedAt.get(mark) ?? 0);
      const headers = { ...init.headers, [askerHeader]: `${name} ${mark} ${age}` };
      const response = await http(url, { ...init, headers });
      if (response.status === 200) pass('answered');
      return response;
    },
    records: (records) => ({
      ...records,
      read: async (id) => {
        const reading = await records.read(id);
        if ('record' in reading) {
          const { session } = JSON.parse(reading.record) as { session: Session };
          obtainedAt.set(tokenMark(session.tokenSet.refreshToken ?? ''), session.tokenSet.obtainedAt);
        }
        return reading;
      },
      withLock: (id, signal, work) =>
        records.withLock(id, signal, async () => {
          pass('holdingLock');
          return work();
        }),
      write: async (id, record, about) => {
        await records.write(id, record, about);
        pass('written');
      },
    }),
    aroundRename: () => {
      const { rename } = fsPromises;
      fsPromises.rename = async (from, to) => {
        const isRecord = String(to).endsWith('.json');
        if (isRecord) pass('temporaryWritten');
        await rename(from, to);
        if (isRecord) pass('renamed');
      };
      syncBuiltinESMExports();
    },
  };
}

/** The refresh token in a refresh request to either kind of server. */
function spentToken(body: string | undefined): string | undefined {
  if (body?.startsWith('{') === true) {
    const { grantType, refreshToken } = JSON.parse(body) as { grantType?: string; refreshToken?: string };
    return grantType === 'refresh_token' ? refreshToken : undefined;
  }
  const form = new URLSearchParams(body);
  return form.get('grant_type') === 'refresh_token' ? (form.get('refresh_token') ?? undefined) : undefined;
}
