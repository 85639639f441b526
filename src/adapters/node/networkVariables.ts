import { existsSync } from 'node:fs';

const addressVariables = [
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'all_proxy'],
  ...['AWS_ENDPOINT_URL_SSO_OIDC', 'AWS_ENDPOINT_URL_SSO'],
];
const fileVariables = ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'AWS_CONFIG_FILE'];

/** The environment variables that decide proxies and trusted certificates; unset ones are absent. */
export function describeVariables(
  variables: NodeJS.ProcessEnv,
  exists: (path: string) => boolean = existsSync,
): Readonly<Record<string, string>> {
  const file = (path: string | undefined): string | undefined =>
    path === undefined || path === '' ? undefined : exists(path) ? 'set' : 'set, but the file is missing';
  const noProxy = variables['NO_PROXY'] ?? variables['no_proxy'] ?? '';
  return omitUndefined({
    ...Object.fromEntries(addressVariables.map((name) => [name, addressOf(variables[name] ?? '')])),
    NO_PROXY: noProxy === '' ? undefined : `${noProxy.split(',').length} hosts`,
    ...Object.fromEntries(fileVariables.map((name) => [name, file(variables[name])])),
    NODE_TLS_REJECT_UNAUTHORIZED:
      variables['NODE_TLS_REJECT_UNAUTHORIZED'] === '0' ? '0: certificates are not checked' : undefined,
  });
}

/** The host and port of an address; its user information, path and query may be secret. */
export function addressOf(text: string): string | undefined {
  const address = text.trim();
  if (address === '') return undefined;
  const url = URL.parse(/^[a-z][a-z\d+.-]*:\/\//i.test(address) ? address : `http://${address}`);
  return url === null || url.host === '' ? 'set, but no address' : `${url.protocol}//${url.host}`;
}

/** Drops undefined members. */
export function omitUndefined(
  details: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(details).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
