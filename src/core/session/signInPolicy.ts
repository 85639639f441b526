import type { Connection } from '../connection/connection.ts';
import type { EndpointTemplates } from '../identityCenter/endpoints.ts';
import type { FlowName } from '../oauth/flows.ts';

/** The rules of an organization. They hold where a sign-in starts: no session ends by them. */
export interface SignInPolicy {
  /**
   * Passes where sign-ins to this connection are allowed.
   * @throws SignInError `blockedByOrganization`
   */
  check(connection: Connection): void;
  /**
   * Of the flows that work, those that are allowed, in the same order.
   * @throws SignInError `blockedByOrganization` when there are some and none is allowed
   */
  flows(possible: readonly FlowName[]): readonly FlowName[];
  /** The endpoint settings of the machine, as far as they are allowed. */
  endpoints(templates: EndpointTemplates): EndpointTemplates;
  /** Issuers that the organization names. */
  readonly allowedIssuers?: readonly string[] | undefined;
}

/** Everything is allowed. */
export const noPolicy: SignInPolicy = {
  check: () => undefined,
  flows: (possible) => possible,
  endpoints: (templates) => templates,
};
