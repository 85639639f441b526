import { SignInError } from '../core/oauth/errors.ts';
import type { Clock, Log } from '../core/ports.ts';
import { overError } from '../core/session/session.ts';
import type { Session } from '../core/session/session.ts';
import { storedSession } from '../core/session/sessionStore.ts';
import type { SessionStore } from '../core/session/sessionStore.ts';
import { forAwsCli } from './awsCli.ts';
import type { AwsCli } from './awsCli.ts';

/** Sessions that a person shares with the AWS CLI. */
export interface CliSharing {
  /** The store, with what the CLI makes of shared sessions. */
  readonly store: SessionStore;
  /**
   * Leaves an Identity Center session in the token cache of the AWS CLI, under the name of an `[sso-session]`, and keeps
   * it fresh there; without a name, no longer. The person was asked.
   * @throws SignInError `signInNeeded` when the session does not exist, `storage` when another window has a newer one;
   * or the system's error when the cache refused
   */
  share(id: string, name: string | undefined, signal: AbortSignal): Promise<Session>;
  /**
   * Takes it on this window to ask a person whether a session whose sharing is paused is to be shared again; false when
   * another window has, or when it is not paused any more.
   * @throws SignInError `signInNeeded` when it is gone, `storage` when only another window can write it
   */
  claimQuestion(id: string): Promise<boolean>;
}

interface SharingPorts {
  readonly awsCli: AwsCli;
  readonly clock: Clock;
  readonly log: Log;
}

/** Has `store` share sessions. What shares is loaded with the first session of Identity Center. */
export function createCliSharing(store: SessionStore, { awsCli, clock, log }: SharingPorts): CliSharing {
  const ports = { awsCli, clock, log, store };
  const sharing = () => import('./cliSharing.ts');
  const isShared = (session: Session): boolean => forAwsCli(session)?.awsCli !== undefined;
  return {
    store: {
      ...store,
      newest: async (session) =>
        isShared(session) ? (await sharing()).syncFromCache(ports, session) : session,
      findNewerToken: async (session) =>
        isShared(session) ? (await sharing()).findNewerToken(ports, session) : undefined,
      replace: async (session, before) =>
        forAwsCli(session) !== undefined
          ? (await sharing()).storeInCache(ports, session, before)
          : store.replace(session, before),
      withdraw: async (session) =>
        isShared(session) ? (await sharing()).removeFromCache(ports, session) : { session },
    },
    share: async (id, name, signal) => {
      const { share, stopSharing } = await sharing();
      return store.alone(id, signal, async () => {
        const { session, newest } = await storedSession(store, id);
        // What this window cannot read whole, it must not write.
        if (!newest) throw new SignInError('storage', { operation: 'session', reason: 'newerElsewhere' });
        return name === undefined ? stopSharing(ports, session) : share(ports, session, name);
      });
    },
    claimQuestion: (id) =>
      store.alone(id, new AbortController().signal, async () => {
        const { session, newest } = await storedSession(store, id);
        if (!newest) throw overError(session);
        const shared = forAwsCli(session);
        const place = shared?.awsCli;
        if (shared === undefined || place?.paused === undefined || place.asked === true) return false;
        await store.put({ ...shared, awsCli: { ...place, asked: true } });
        return true;
      }),
  };
}
