import type { Random } from './random.ts';
import type { Span, VirtualTime } from './virtualTime.ts';

/** How a simulated organization's token endpoint responds. */
export interface OrganizationPlan {
  /** Lifetime of a token, in milliseconds. */
  readonly life: number;
  readonly limit?: RateLimit;
  /** Every request gets 503 during this period. */
  readonly outage?: Span;
  /** All refresh tokens are revoked at this time, as after a key compromise. */
  readonly revokedAt?: number;
}

/**
 * `okta`: a limit per clock minute; 429 then names the next minute in `X-Rate-Limit-Reset`. `aws`: a limit per
 * second; 429 without a header.
 */
export interface RateLimit {
  readonly style: 'okta' | 'aws';
  readonly most: number;
}

/** `notSent`: never reached a server. */
export type Outcome = 'token' | 'limited' | 'unavailable' | 'revoked';

/** A token request as the organization received it. */
export interface TokenRequest {
  readonly at: number;
  readonly outcome: Outcome;
  /** Whether the previous token could still be returned. */
  readonly isAhead: boolean;
  /** How long the previous token could be returned. */
  readonly goodUntil: number;
  /** The number of its grant, in the order of sign-ins. */
  readonly grant: number;
}

/** The tokens of one response. */
export interface Issued {
  readonly accessToken: string;
  readonly refreshToken: string;
}

export interface Organization {
  /** Signs a developer in: creates a grant with its first refresh token. */
  grant(): Issued;
  /** The response to a refresh. */
  refresh(refreshToken: string): Outcome | Issued;
  /** The same as an HTTP endpoint. */
  readonly fetch: typeof fetch;
  readonly requests: readonly TokenRequest[];
  /** Refresh tokens reused after their grace period; each ended its grant, as at Okta. */
  readonly reused: number;
}

interface Grant {
  current: number;
  rotatedAt: number;
  isOver: boolean;
}

/** Grace period of the previous refresh token. */
const graceMilliseconds = 30_000;
const latency = { least: 80, most: 400 };
/** Minimum remaining lifetime of a returned token. */
const leastValidity = 60_000;

/** An identity provider that rotates refresh tokens, and ends a grant if one is reused after its grace period. */
export function createOrganization(plan: OrganizationPlan, time: VirtualTime, random: Random): Organization {
  const grants: Grant[] = [];
  const requests: TokenRequest[] = [];
  const inWindow = { window: -1, count: 0 };
  let reused = 0;
  const { limit, outage, revokedAt = Infinity } = plan;
  const windowOf = limit?.style === 'aws' ? 1000 : 60_000;
  const isLimited = (): boolean => {
    if (limit === undefined) return false;
    const window = Math.floor(time.now() / windowOf);
    if (window !== inWindow.window) Object.assign(inWindow, { window, count: 0 });
    inWindow.count += 1;
    return inWindow.count > limit.most;
  };
  const issue = (which: number, grant: Grant): Issued => ({
    accessToken: `access-${which}-${grant.current}`,
    refreshToken: `refresh-${which}-${grant.current}`,
  });
  const answer = (refreshToken: string): Outcome | Issued => {
    const now = time.now();
    if (outage !== undefined && now >= outage.from && now < outage.to) return 'unavailable';
    if (isLimited()) return 'limited';
    const [, which = NaN, generation = NaN] = refreshToken.split('-').map(Number);
    const grant = grants[which];
    if (grant === undefined || grant.isOver || (now >= revokedAt && grant.rotatedAt < revokedAt))
      return 'revoked';
    const isCurrent = generation === grant.current;
    if (!isCurrent && (generation !== grant.current - 1 || now > grant.rotatedAt + graceMilliseconds)) {
      reused += 1;
      grant.isOver = true;
      return 'revoked';
    }
    if (isCurrent) Object.assign(grant, { current: generation + 1, rotatedAt: now });
    return issue(which, grant);
  };
  const refresh = (refreshToken: string): Outcome | Issued => {
    const grant = Number(refreshToken.split('-')[1]);
    const goodUntil = (grants[grant]?.rotatedAt ?? -Infinity) + plan.life - leastValidity;
    const isAhead = time.now() <= goodUntil;
    const answered = answer(refreshToken);
    const outcome = typeof answered === 'string' ? answered : 'token';
    requests.push({ at: time.now(), outcome, isAhead, goodUntil, grant });
    return answered;
  };
  const pass = (): Promise<void> =>
    new Promise((resolve) => {
      time.at(time.now() + latency.least + random() * (latency.most - latency.least), resolve);
    });
  return {
    grant: () => {
      const grant = { current: 0, rotatedAt: time.now(), isOver: false };
      return issue(grants.push(grant) - 1, grant);
    },
    refresh,
    requests,
    get reused() {
      return reused;
    },
    fetch: async (_url, init) => {
      const sent = new URLSearchParams(typeof init?.body === 'string' ? init.body : '');
      await pass();
      const answered = refresh(sent.get('refresh_token') ?? '');
      await pass();
      if (answered === 'unavailable') return new Response('', { status: 503 });
      if (answered === 'limited') return new Response('', { status: 429, headers: limitHeaders() });
      if (answered === 'revoked' || answered === 'token')
        return Response.json({ error: 'invalid_grant' }, { status: 400 });
      const { accessToken, refreshToken } = answered;
      return Response.json({
        token_type: 'Bearer',
        expires_in: plan.life / 1000,
        access_token: accessToken,
        refresh_token: refreshToken,
        scope: 'openid profile offline_access',
      });
    },
  };

  function limitHeaders(): Record<string, string> {
    if (limit?.style !== 'okta') return {};
    const nextMinute = (Math.floor(time.now() / windowOf) + 1) * (windowOf / 1000);
    return {
      'x-rate-limit-limit': String(limit.most),
      'x-rate-limit-remaining': '0',
      'x-rate-limit-reset': String(nextMinute),
    };
  }
}
