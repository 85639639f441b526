/** The redirect or page after the user's decision. */
export type Decided = { readonly redirectTo: string } | 'approved' | 'denied';

/** A pending question to the user: may this client have these scopes? */
export interface Consent {
  readonly clientName: string;
  /** The directory whose users may answer. */
  readonly startUrl: string;
  readonly scopes: readonly string[];
  /** @param username the user who decides */
  allow(username: string): Decided;
  deny(): Decided;
}

/** The user's decision, from which tokens are created. */
export interface Grant {
  readonly username: string;
  readonly startUrl: string;
}
