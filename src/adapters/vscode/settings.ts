import { workspace } from 'vscode';
import type { SignInSettings } from '../../core/session/acquireTokens.ts';
import { flowTable } from '../../features/flowTable.ts';
import type { Host } from '../../features/flowTable.ts';
import { cleanTemplate } from '../../input/pastedText.ts';

const section = 'developerSignIn';

/** The current settings, as the core reads them. */
export function readSignInSettings(env: NodeJS.ProcessEnv, host: Host): SignInSettings {
  const settings = workspace.getConfiguration(section);
  const text = (name: string): string => {
    const value = settings.get<unknown>(name);
    return typeof value === 'string' ? value.trim() : '';
  };
  // As in the AWS CLI and SDKs, this also disables endpoints from the environment.
  const isIgnored = env['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS']?.toLowerCase() === 'true';
  const variable = (name: string): string => (isIgnored ? '' : (env[name] ?? ''));
  const ports = settings.get<unknown>('okta.redirectPorts');
  const standard = settings.inspect<number[]>('okta.redirectPorts')?.defaultValue ?? [];
  return {
    endpoints: {
      oidc: cleanTemplate(text('identityCenter.endpoint') || variable('AWS_ENDPOINT_URL_SSO_OIDC')),
      portal: cleanTemplate(text('identityCenter.portalEndpoint') || variable('AWS_ENDPOINT_URL_SSO')),
    },
    redirectPorts: arePorts(ports) ? ports : standard,
    identityCenterFlow:
      text('identityCenter.flow') === 'authorizationCode' ? 'authorizationCode' : 'deviceCode',
    host: flowTable[host],
  };
}

/** The entries of `developerSignIn.connections`, unvalidated. */
export function connectionEntries(): readonly unknown[] {
  const entries = workspace.getConfiguration(section).get<unknown>('connections');
  return Array.isArray(entries) ? entries : [];
}

/** The connection or account whose token Git gets, by host. */
export function gitHosts(): Readonly<Record<string, string>> {
  const entries = workspace.getConfiguration(section).get<unknown>('gitHosts');
  if (typeof entries !== 'object' || entries === null || Array.isArray(entries)) return {};
  const known = Object.entries(entries).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return Object.fromEntries(known);
}

function arePorts(value: unknown): value is readonly number[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((port) => Number.isInteger(port) && port >= 1 && port <= 65535)
  );
}
