/** Where the browser goes, or what it shows, after the person has decided. */
export type Decided = { readonly redirectTo: string } | 'approved' | 'denied';

/** A question that waits for a person in the browser: may this client have these scopes? */
export interface Consent {
  readonly clientName: string;
  /** Of the directory whose people may answer. */
  readonly startUrl: string;
  readonly scopes: readonly string[];
  /** @param username who says so */
  allow(username: string): Decided;
  deny(): Decided;
}

/** Who allowed a client what, before tokens are made of it. */
export interface Grant {
  readonly username: string;
  readonly startUrl: string;
}
