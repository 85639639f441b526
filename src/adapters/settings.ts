import * as v from 'valibot';
import { workspace } from 'vscode';
import { connectionSchema, normalConnection } from '../core/connection.ts';
import type { Connection } from '../core/connection.ts';
import type { Host } from '../core/flows.ts';
import type { Log } from '../core/ports.ts';
import type { SignInSettings } from '../core/session/grant.ts';

const section = 'developerSignIn';
const portsSchema = v.pipe(
  v.array(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65535))),
  v.minLength(1),
);

/** The settings of the moment, as the core reads them. */
export function readSignInSettings(env: NodeJS.ProcessEnv, host: Host): SignInSettings {
  const settings = workspace.getConfiguration(section);
  const text = (name: string): string => {
    const value = settings.get<unknown>(name);
    return typeof value === 'string' ? value.trim() : '';
  };
  const ports = v.safeParse(portsSchema, settings.get('okta.redirectPorts'));
  const standard = settings.inspect<number[]>('okta.redirectPorts')?.defaultValue ?? [];
  return {
    endpoints: {
      oidc: text('identityCenter.endpoint') || (env['AWS_ENDPOINT_URL_SSO_OIDC'] ?? ''),
      portal: text('identityCenter.portalEndpoint') || (env['AWS_ENDPOINT_URL_SSO'] ?? ''),
    },
    redirectPorts: ports.success ? ports.output : standard,
    identityCenterFlow:
      text('identityCenter.flow') === 'authorizationCode' ? 'authorizationCode' : 'deviceCode',
    host,
  };
}

/** The configured connections in their normal form; one that cannot be read is left out and said in the log. */
export function readConnections(log: Log, said: Set<string>): readonly Connection[] {
  const configured = workspace.getConfiguration(section).get<unknown>('connections');
  return (Array.isArray(configured) ? configured : []).flatMap((entry: unknown, index) => {
    try {
      return [normalConnection(v.parse(connectionSchema, entry))];
    } catch (error) {
      const problem = v.isValiError(error) ? (v.getDotPath(error.issues[0]) ?? 'type') : String(error);
      // It is read at every look at the settings, and wrong until somebody mends it.
      if (said.size < said.add(`${index} ${problem}`).size)
        log.warn('An entry of developerSignIn.connections cannot be read', { index, problem });
      return [];
    }
  });
}
