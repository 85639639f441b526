import * as v from 'valibot';
import { errorEffects } from '../oauth/errors.ts';
import type { SignInErrorKind } from '../oauth/errors.ts';

/** One refresh, or one try that failed: then with its kind and what is safe to show of it. */
export interface RefreshNote {
  /** Epoch milliseconds. */
  readonly at: number;
  /** Why it failed; absent when it did not. */
  readonly kind?: SignInErrorKind;
  readonly host?: string;
  readonly status?: number;
  readonly code?: string;
}

/** The shape of a history in a session's record. One that cannot be read costs no session: it begins anew. */
export const refreshHistorySchema = v.exactOptional(
  v.fallback(
    v.array(
      v.object({
        at: v.number(),
        kind: v.exactOptional(v.picklist(Object.keys(errorEffects) as SignInErrorKind[])),
        host: v.exactOptional(v.string()),
        status: v.exactOptional(v.number()),
        code: v.exactOptional(v.string()),
      }),
    ),
    [],
  ),
);
