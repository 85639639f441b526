import type { Connection, IdentityCenterConnection } from '../../core/connection/connection.ts';
import { builderId } from '../../core/identityCenter/endpoints.ts';

/** AWS Builder ID as a connection: the same for all people. */
export const builderIdConnection: IdentityCenterConnection = {
  type: 'identityCenter',
  name: 'AWS Builder ID',
  ...builderId,
};

/** Whether it is AWS Builder ID, which is the same for all people and has no address to type. */
export function isBuilderId(connection: Connection): boolean {
  return connection.type === 'identityCenter' && connection.startUrl === builderId.startUrl;
}
