import * as v from 'valibot';
import type { Frozen } from '../defined.ts';

/** A client that Identity Center knows, as a record keeps it. Its secret is kept like a token; a refresh token belongs to it. */
export const registrationSchema = v.object({
  clientId: v.pipe(v.string(), v.nonEmpty()),
  clientSecret: v.pipe(v.string(), v.nonEmpty()),
  /** When the registration ends, epoch milliseconds. */
  expiresAt: v.number(),
  scopes: v.array(v.string()),
  grantTypes: v.array(v.string()),
});
/** A client that Identity Center knows. */
export type ClientRegistration = Frozen<v.InferOutput<typeof registrationSchema>>;
