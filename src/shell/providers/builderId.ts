import type { Connection, IdentityCenterConnection } from '../../core/connection/connection.ts';
import { builderId } from '../../core/identityCenter/endpoints.ts';

/** The connection to AWS Builder ID, which is the same for everyone. */
export const builderIdConnection: IdentityCenterConnection = {
  type: 'identityCenter',
  name: 'AWS Builder ID',
  ...builderId,
};

/** Whether a connection is AWS Builder ID, which has no address to enter. */
export function isBuilderId(connection: Connection): boolean {
  return connection.type === 'identityCenter' && connection.startUrl === builderId.startUrl;
}
