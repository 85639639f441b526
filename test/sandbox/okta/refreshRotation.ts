import { type Adapter, errors } from 'oidc-provider';

/** oidc-provider's own `error_detail` for a refresh token that was used before. */
export const REUSED_DETAIL = 'refresh token already used';

export interface GraceOptions {
  readonly graceSeconds: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly revokeTokens: (grantId: string) => void;
  /** Told of every use of a rotated token that the grace period still allowed. */
  readonly onReuseInsideGrace: () => void;
}

/**
 * Lets a rotated refresh token work again for a while, as Okta's grace period does. oidc-provider refuses a token, and
 * ends its grant, as soon as the record says `consumed`; here the record says so when the period is over. The period
 * counts from the first use: a later one inside it does not prolong it.
 * @param adapter oidc-provider's storage of refresh tokens
 */
export function withGrace(adapter: Adapter, options: GraceOptions): Adapter {
  const { graceSeconds, now, revokeTokens, onReuseInsideGrace } = options;
  const firstUses = new Map<string, number>();
  const isOver = (firstUse: number): boolean => now() - firstUse >= graceSeconds * 1000;

  return {
    ...adapter,
    async find(id) {
      const record = await adapter.find(id);
      const firstUse = firstUses.get(id);
      if (!record || firstUse === undefined || !isOver(firstUse)) return record;
      return { ...record, consumed: Math.floor(firstUse / 1000) };
    },
    async consume(id) {
      const firstUse = firstUses.get(id);
      if (firstUse === undefined) {
        firstUses.set(id, now());
      } else if (!isOver(firstUse)) {
        onReuseInsideGrace();
      } else {
        // Both of two requests at the same moment have found the token unused; this one is the later.
        const record = await adapter.find(id);
        if (record?.grantId !== undefined) revokeTokens(record.grantId);
        throw new errors.InvalidGrant(REUSED_DETAIL);
      }
    },
  };
}
