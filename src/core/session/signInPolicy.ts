import type { Connection } from '../connection/connection.ts';
import type { EndpointTemplates } from '../identityCenter/endpoints.ts';
import type { FlowName } from '../oauth/flows.ts';

/** The rules of an organization. They apply when a sign-in starts, and never end a session. */
export interface SignInPolicy {
  /**
   * Checks that sign-ins to a connection are allowed.
   * @throws SignInError `blockedByOrganization`
   */
  check(connection: Connection): void;
  /**
   * The allowed flows among `possible`, in the same order.
   * @throws SignInError `blockedByOrganization` if `possible` is not empty and none of them is allowed
   */
  flows(possible: readonly FlowName[]): readonly FlowName[];
  /** The machine's endpoint settings, limited to those that are allowed. */
  endpoints(templates: EndpointTemplates): EndpointTemplates;
  readonly allowedIssuers?: readonly string[] | undefined;
}

/** Allows everything. */
export const noPolicy: SignInPolicy = {
  check: () => undefined,
  flows: (possible) => possible,
  endpoints: (templates) => templates,
};
