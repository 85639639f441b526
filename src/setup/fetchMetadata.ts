import { findSignInError } from '../core/oauth/errors.ts';
import type { SignInError } from '../core/oauth/errors.ts';
import { metadataIn, requestMetadata } from '../core/oidc/discovery.ts';
import type { NamedMetadata } from '../core/oidc/discovery.ts';
import type { HttpFetch } from '../core/ports.ts';
import { defined } from '../core/defined.ts';
import { redirectIn } from './redirectIn.ts';

/** The response of one metadata address. */
export interface MetadataResult {
  readonly address: string;
  readonly status?: number;
  readonly document?: NamedMetadata;
  readonly error?: SignInError;
  readonly redirectsTo?: string;
}

/** Whether the server has no metadata. It then usually sends a page, which only its status tells from a proxy's. */
export const hasNoMetadata = ({ document, error }: MetadataResult): boolean =>
  document === undefined && (error === undefined || (error.kind === 'proxy' && error.details.status === 404));

/** Names of the metadata documents: OpenID Connect Discovery 1.0 (4), and RFC 8414 as Okta serves it. */
const documentNames = ['openid-configuration', 'oauth-authorization-server'] as const;

/** Requests an issuer's metadata, by default from both addresses. */
export async function fetchMetadata(
  http: HttpFetch,
  issuer: string,
  signal: AbortSignal,
  names: readonly (typeof documentNames)[number][] = documentNames,
): Promise<readonly MetadataResult[]> {
  const addresses = names.map((name) => `${issuer}/.well-known/${name}`);
  return Promise.all(
    addresses.map(async (address) => {
      let answer: MetadataResult = { address };
      try {
        const response = await requestMetadata(http, address, signal);
        answer = { address, status: response.status, ...defined({ redirectsTo: redirectIn(response) }) };
        return { ...answer, ...defined({ document: await metadataIn(response, new URL(address).host) }) };
      } catch (error) {
        const known = findSignInError(error);
        if (known === undefined) throw error;
        return { ...answer, error: known };
      }
    }),
  );
}
