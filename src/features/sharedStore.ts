import { SignInError } from '../core/oauth/errors.ts';
import type { Clock, Log } from '../core/ports.ts';
import { endError } from '../core/session/session.ts';
import type { Session } from '../core/session/session.ts';
import { storedSession } from '../core/session/sessionStore.ts';
import type { SessionStore } from '../core/session/sessionStore.ts';
import { forAwsCli } from './awsCli.ts';
import type { AwsCli } from './awsCli.ts';

/** Sessions that are shared with the AWS CLI. */
export interface CliSharing {
  /** The store, with newer tokens of the CLI for shared sessions. */
  readonly store: SessionStore;
  /**
   * Shares an Identity Center session through the AWS CLI's token cache, with the user's consent, under the
   * name of an `[sso-session]`, and keeps it fresh there; without a name, stops sharing.
   * @throws SignInError `signInNeeded` when the session does not exist, `storage` when another window has a
   * newer one; or the system's error when the cache refused
   */
  share(id: string, name: string | undefined, signal: AbortSignal): Promise<Session>;
  /**
   * Claims for this window the question whether to resume paused sharing; false if another window has claimed
   * it, or if sharing is no longer paused.
   * @throws SignInError `signInNeeded` when it is gone, `storage` when only another window can write it
   */
  claimQuestion(id: string): Promise<boolean>;
}

interface SharingPorts {
  readonly awsCli: AwsCli;
  readonly clock: Clock;
  readonly log: Log;
}

/** Decorates `store` with sharing. The sharing code is loaded with the first Identity Center session. */
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
      removeCopies: async (session) =>
        isShared(session) ? (await sharing()).removeFromCache(ports, session) : { session },
    },
    share: async (id, name, signal) => {
      const { share, stopSharing } = await sharing();
      return store.withLock(id, signal, async () => {
        const { session, newest } = await storedSession(store, id);
        // Do not write a session that this window cannot read completely.
        if (!newest) throw new SignInError('storage', { operation: 'session', reason: 'newerElsewhere' });
        return name === undefined ? stopSharing(ports, session) : share(ports, session, name);
      });
    },
    claimQuestion: (id) =>
      store.withLock(id, new AbortController().signal, async () => {
        const { session, newest } = await storedSession(store, id);
        if (!newest) throw endError(session);
        const shared = forAwsCli(session);
        const place = shared?.awsCli;
        if (shared === undefined || place?.paused === undefined || place.asked === true) return false;
        await store.put({ ...shared, awsCli: { ...place, asked: true } });
        return true;
      }),
  };
}
