/** A row of the table of attacks and faults; its test is named after it and asserts what it states. */
export interface Row {
  /** The attack or fault. */
  readonly done: string;
  /** The expectation. */
  readonly expected: string;
  /** The source that describes the attack, or the rule against it. */
  readonly source: string;
  /** Expected number of token requests at the end, from the sandbox's log. */
  readonly tokenRequests: number;
}

/** The test name of a row. */
export const title = '$source: $done: $expected';
