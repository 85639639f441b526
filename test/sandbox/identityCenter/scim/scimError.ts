import { randomUUID } from 'node:crypto';

const SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:Error';

/** The developer guide's texts for each status, or the service's own where they have been observed. */
const DETAILS = {
  400: 'Request is unparsable, syntactically incorrect, or violates schema.',
  401: 'Authorization header is invalid or missing.',
  403: 'Operation is not permitted based on the supplied authorization.',
  404: 'Specified resource does not exist.',
  409: 'Resource already exists.',
} as const;

export type ScimStatus = keyof typeof DETAILS;

/** Thrown by a SCIM operation to respond with an error. */
export class ScimError extends Error {
  override readonly name = 'ScimError';
  readonly status: ScimStatus;

  /** @param detail defaults to the service's own text */
  constructor(status: ScimStatus, detail: string = DETAILS[status]) {
    super(detail);
    this.status = status;
  }
}

/** Maps a number to a status of this service; unknown ones become 400. */
export function scimStatus(status: number): ScimStatus {
  return status in DETAILS ? (status as ScimStatus) : 400;
}

/**
 * The body of an error: RFC 7644, section 3.12, with the service's own members, including `schema` next to
 * `schemas`.
 * @param at epoch milliseconds
 */
export function scimErrorBody({ status, message }: ScimError, at: number): string {
  return JSON.stringify({
    schema: [SCHEMA],
    schemas: [SCHEMA],
    detail: message,
    status: String(status),
    exceptionRequestId: randomUUID(),
    timeStamp: new Date(at).toISOString().replace('T', ' ').replace('Z', ''),
  });
}
