import type { Provider } from 'oidc-provider';
import type { Storage } from './adapter.ts';
import { REUSED_DETAIL } from './refreshRotation.ts';

/**
 * Counters of the token and revocation endpoints, updated when a request is processed, even if the response is
 * lost.
 */
export interface OktaStats {
  /** Processed token requests, including rejected ones. */
  readonly tokenRequests: number;
  /** Successful refreshes by grant, including those within the grace period. */
  readonly acceptedRefreshes: ReadonlyMap<string, number>;
  /** Uses of a rotated token within its grace period. */
  readonly reusesInsideGrace: number;
  /** Uses of a rotated token after its grace period, all rejected. */
  readonly reusesAfterGrace: number;
  /** Grants ended by such a use. */
  readonly familiesKilled: ReadonlySet<string>;
  /** Revocations of a known token. */
  readonly revocations: number;
  /** Grants with a valid refresh token. */
  readonly liveGrants: number;
}

/** Counts a provider's events. */
export function countGrants(storage: Storage) {
  const acceptedRefreshes = new Map<string, number>();
  const familiesKilled = new Set<string>();
  let tokenRequests = 0;
  let reusesInsideGrace = 0;
  let reusesAfterGrace = 0;
  let revocations = 0;

  return {
    onReuseInsideGrace(): void {
      reusesInsideGrace += 1;
    },
    watch(provider: Provider): void {
      provider.on('grant.success', (ctx) => {
        tokenRequests += 1;
        const grantId = ctx.oidc.entities.Grant?.jti;
        if (ctx.oidc.params?.['grant_type'] !== 'refresh_token' || grantId === undefined) return;
        acceptedRefreshes.set(grantId, (acceptedRefreshes.get(grantId) ?? 0) + 1);
      });
      provider.on('grant.error', (ctx, error) => {
        tokenRequests += 1;
        const grantId = ctx.oidc.entities.Grant?.jti;
        if (error.error_detail !== REUSED_DETAIL || grantId === undefined) return;
        reusesAfterGrace += 1;
        familiesKilled.add(grantId);
      });
      provider.on('grant.revoked', (ctx) => {
        if (ctx.oidc.route === 'revocation') revocations += 1;
      });
    },
    stats(): OktaStats {
      const seconds = Date.now() / 1000;
      const grants = new Set(storage.records('Grant').map(({ jti }) => jti));
      const working = storage
        .records('RefreshToken')
        .filter(({ grantId, exp = Infinity }) => grants.has(grantId) && exp > seconds);
      return {
        tokenRequests,
        acceptedRefreshes: new Map(acceptedRefreshes),
        reusesInsideGrace,
        reusesAfterGrace,
        familiesKilled: new Set(familiesKilled),
        revocations,
        liveGrants: new Set(working.map(({ grantId }) => grantId)).size,
      };
    },
  };
}
