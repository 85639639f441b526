import { type Adapter, errors } from 'oidc-provider';

/** oidc-provider's `error_detail` for a reused refresh token. */
export const REUSED_DETAIL = 'refresh token already used';

export interface GraceOptions {
  readonly graceSeconds: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly revokeTokens: (grantId: string) => void;
  /** Called on every use of a rotated token within the grace period. */
  readonly onReuseInsideGrace: () => void;
}

/**
 * Implements Okta's grace period, in which a rotated refresh token keeps working. oidc-provider rejects a token
 * and ends its grant once the record has `consumed`; this wrapper sets `consumed` only when the period is over.
 * The period starts at the first use and is not extended by later ones.
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
        // Two concurrent requests both found the token unused; this is the later one.
        const record = await adapter.find(id);
        if (record?.grantId !== undefined) revokeTokens(record.grantId);
        throw new errors.InvalidGrant(REUSED_DETAIL);
      }
    },
  };
}
