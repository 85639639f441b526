import { ApiError } from './apiError.ts';
import type { Grant } from './consent.ts';
import { opaque } from './opaque.ts';
import { REFRESH_TOKEN_GRANT, type Registration } from './registrations.ts';
import type { IdentityCenterSettings } from './settings.ts';

/** Session details for tests, without secrets. */
export interface SessionData {
  readonly id: string;
  readonly username: string;
  readonly startUrl: string;
  readonly region: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  /** Expiry, epoch milliseconds. */
  readonly endsAt: number;
  /**
   * `ended`: by expiry, an administrator or a sign-out. `revoked`: a replaced refresh token was used after its
   * grace period.
   */
  readonly state: 'live' | 'ended' | 'revoked';
  /** Number of refreshes with the current refresh token. */
  readonly acceptedRefreshes: number;
  readonly reusesInsideGrace: number;
  readonly reusesAfterGrace: number;
}

/** CreateToken's response; `expiresIn` is seconds. */
export interface IssuedTokens {
  readonly accessToken: string;
  readonly tokenType: 'Bearer';
  readonly expiresIn: number;
  readonly refreshToken?: string;
}

type Session = { -readonly [member in keyof SessionData]: SessionData[member] };

interface IssuedAccessToken {
  readonly session: Session;
  readonly expiresAt: number;
}

interface IssuedRefreshToken {
  readonly session: Session;
  replacedAt: number | undefined;
}

/** Sessions with their tokens: access tokens, and the family of refresh tokens of each session. */
export interface Sessions {
  start(registration: Registration, grant: Grant): IssuedTokens;
  /** @throws {ApiError} InvalidGrantException; also ends the session if the token was used after its grace period */
  refresh(registration: Registration, refreshToken: string): IssuedTokens;
  /** The live session of a valid access token. */
  withAccessToken(accessToken: string): SessionData | undefined;
  /** The session of an access or refresh token, valid or not. */
  withAnyToken(token: string): SessionData | undefined;
  /** Ends a session, as a sign-out, an administrator or its expiry does. */
  end(sessionId: string): void;
  list(): readonly SessionData[];
}

export function createSessions(now: () => number, settings: IdentityCenterSettings): Sessions {
  const sessions = new Map<string, Session>();
  const accessTokens = new Map<string, IssuedAccessToken>();
  const refreshTokens = new Map<string, IssuedRefreshToken>();

  const isLive = (session: Session): boolean => session.state === 'live' && now() < session.endsAt;

  const issueAccessToken = (session: Session): Omit<IssuedTokens, 'refreshToken'> => {
    const accessToken = opaque('aoaAAAAA');
    const expiresAt = Math.min(now() + settings.accessTokenSeconds * 1000, session.endsAt);
    accessTokens.set(accessToken, { session, expiresAt });
    return { accessToken, tokenType: 'Bearer', expiresIn: Math.ceil((expiresAt - now()) / 1000) };
  };

  const issueRefreshToken = (session: Session): string => {
    const refreshToken = opaque('aorAAAAA');
    refreshTokens.set(refreshToken, { session, replacedAt: undefined });
    return refreshToken;
  };

  /** Counts the use of a refresh token; returns whether it still works. */
  const accept = (token: IssuedRefreshToken): boolean => {
    const { session, replacedAt } = token;
    if (replacedAt === undefined) {
      session.acceptedRefreshes += 1;
      if (settings.rotateRefreshToken) token.replacedAt = now();
      return true;
    }
    if (now() - replacedAt < settings.refreshGraceSeconds * 1000) {
      session.reusesInsideGrace += 1;
      return true;
    }
    session.reusesAfterGrace += 1;
    session.state = 'revoked';
    return false;
  };

  const factsOf = (session: Session): SessionData => ({
    ...session,
    state: session.state === 'live' && !isLive(session) ? 'ended' : session.state,
  });

  return {
    start(registration, { username, startUrl }) {
      const { clientId, region, scopes } = registration;
      const session: Session = {
        id: opaque(),
        username,
        startUrl,
        region,
        clientId,
        scopes,
        state: 'live',
        acceptedRefreshes: 0,
        reusesInsideGrace: 0,
        reusesAfterGrace: 0,
        endsAt: now() + settings.sessionSeconds * 1000,
      };
      sessions.set(session.id, session);
      const issued = issueAccessToken(session);
      const refreshes = registration.grantTypes.includes(REFRESH_TOKEN_GRANT);
      return refreshes ? { ...issued, refreshToken: issueRefreshToken(session) } : issued;
    },

    refresh({ clientId }, refreshToken) {
      const token = refreshTokens.get(refreshToken);
      const known = token?.session.clientId === clientId && isLive(token.session);
      if (!known || !accept(token)) throw new ApiError('InvalidGrantException');
      const issued = issueAccessToken(token.session);
      return settings.rotateRefreshToken
        ? { ...issued, refreshToken: issueRefreshToken(token.session) }
        : issued;
    },

    withAccessToken(accessToken) {
      const token = accessTokens.get(accessToken);
      if (token === undefined || !isLive(token.session) || now() >= token.expiresAt) return undefined;
      return factsOf(token.session);
    },

    withAnyToken(token) {
      const session = (accessTokens.get(token) ?? refreshTokens.get(token))?.session;
      return session === undefined ? undefined : factsOf(session);
    },

    end(sessionId) {
      const session = sessions.get(sessionId);
      if (session === undefined) throw new Error('The sandbox does not have a session with this ID.');
      session.state = 'ended';
    },

    list: () => [...sessions.values()].map(factsOf),
  };
}
