import type { Connection } from '../connection/connection.ts';
import { identityCenter } from './identityCenter.ts';
import { plainOpenId } from './oidc.ts';
import { okta } from './okta.ts';
import type { Provider } from './provider.ts';

const providers: { readonly [T in Connection['type']]: Provider<Extract<Connection, { type: T }>> } = {
  identityCenter,
  okta,
  oidc: plainOpenId(),
};

/** The provider of a connection or a session. */
export function providerOf({ type }: { readonly type: Connection['type'] }): Provider {
  return providers[type];
}
