import type { Connection } from '../../core/connection/connection.ts';
import { identityCenter } from './identityCenter.ts';
import { oidc } from './oidc.ts';
import { okta } from './okta.ts';
import type { ShellProvider } from './provider.ts';

const providers: Readonly<Record<Connection['type'], ShellProvider>> = {
  identityCenter,
  okta,
  oidc,
};

/** What the shell knows of the provider of a connection, or of a session. */
export function providerOf({ type }: Pick<Connection, 'type'>): ShellProvider {
  return providers[type];
}
