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

/** The shell's provider for a connection or session. */
export function providerOf({ type }: Pick<Connection, 'type'>): ShellProvider {
  return providers[type];
}
