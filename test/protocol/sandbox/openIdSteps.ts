import { createHash } from 'node:crypto';
import type { Chain } from '../../sandbox/chain.ts';
import { GUIDE_PORTS } from '../../sandbox/okta/settings.ts';
import { ANA } from './identityCenterWorld.ts';

type Step = () => Promise<boolean>;
type Json = Readonly<Record<string, unknown>>;

const verifier = 'verifier-that-is-long-enough-for-the-specification';
const challenge = createHash('sha256').update(verifier).digest('base64url');

const jsonAt = async (url: string, init?: RequestInit): Promise<Json> =>
  (await (await fetch(url, init)).json()) as Json;

/**
 * Steps that work at a correctly configured OpenID Connect provider, with the values that the administrator
 * copied.
 */
export function openIdSteps(chain: Chain): Readonly<Record<string, Step>> {
  const { issuer = '', metadataUri = '', clientId = '' } = chain.describe().openIdConnect ?? {};
  const path = `/oauth/callback/${createHash('sha256').update(issuer).digest('hex').slice(0, 16)}`;
  const uriAt = (port: number): string => `http://localhost:${port}${path}`;
  const first = uriAt(GUIDE_PORTS[0]);
  const authorization = (redirectUri: string, more: Record<string, string> = {}): string =>
    `${issuer}/authorize?${new URLSearchParams({
      client_id: clientId,
      redirect_uri: redirectUri,
      response_type: 'code',
      scope: 'openid profile offline_access',
      state: 'state',
      code_challenge: challenge,
      code_challenge_method: 'S256',
      ...more,
    })}`;
  const isRegistered = async (redirectUri: string): Promise<boolean> => {
    const address = authorization(redirectUri, { prompt: 'none' });
    return (await fetch(address, { redirect: 'manual' })).headers.get('location') !== null;
  };
  const tokens = async (): Promise<Json> => {
    const { location = '' } = (await chain.openIdConnect?.authorize(authorization(first), ANA)) ?? {};
    const code = new URL(location).searchParams.get('code') ?? '';
    const grant = { grant_type: 'authorization_code', redirect_uri: first, code_verifier: verifier };
    const body = new URLSearchParams({ ...grant, client_id: clientId, code });
    return jsonAt(`${issuer}/token`, { method: 'POST', body });
  };
  return {
    openIdIssuer: async () => (await jsonAt(metadataUri))['issuer'] === issuer,
    openIdS256: async () =>
      ((await jsonAt(metadataUri))['code_challenge_methods_supported'] as readonly string[]).includes('S256'),
    openIdPlainRequests: async () =>
      (await jsonAt(metadataUri))['require_pushed_authorization_requests'] === undefined,
    openIdKeys: async () =>
      ((await jsonAt(String((await jsonAt(metadataUri))['jwks_uri'])))['keys'] as readonly Json[]).length ===
      1,
    openIdClient: () => isRegistered(first),
    openIdPorts: async () => (await Promise.all(GUIDE_PORTS.map(uriAt).map(isRegistered))).every(Boolean),
    openIdPublicClient: async () => 'access_token' in (await tokens()),
    openIdRefreshToken: async () => 'refresh_token' in (await tokens()),
  };
}
