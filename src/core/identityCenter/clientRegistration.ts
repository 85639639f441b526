import * as v from 'valibot';

/** A client that Identity Center knows. Its secret is kept like a token; a refresh token belongs to it. */
export interface ClientRegistration {
  readonly clientId: string;
  readonly clientSecret: string;
  /** When the registration ends, epoch milliseconds. */
  readonly expiresAt: number;
  readonly scopes: readonly string[];
  readonly grantTypes: readonly string[];
}

/** The record's shape of a {@link ClientRegistration}. */
export const registrationSchema = v.object({
  clientId: v.pipe(v.string(), v.nonEmpty()),
  clientSecret: v.pipe(v.string(), v.nonEmpty()),
  expiresAt: v.number(),
  scopes: v.array(v.string()),
  grantTypes: v.array(v.string()),
});
