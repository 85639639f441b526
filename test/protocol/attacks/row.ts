/** A row of the table of attacks and mishaps: its test is called by it, and asserts what it says. */
export interface Row {
  /** What is done. */
  readonly done: string;
  /** What is expected. */
  readonly expected: string;
  /** Where the attack, or the rule against it, is written down. */
  readonly source: string;
  /** How many token requests may have been sent when it is over, by the sandbox's log. */
  readonly tokenRequests: number;
}

/** The title of a row's test. */
export const title = '$source: $done: $expected';
