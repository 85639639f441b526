import {
  CreateTokenCommand,
  RegisterClientCommand,
  SSOOIDCClient,
  StartDeviceAuthorizationCommand,
} from '@aws-sdk/client-sso-oidc';
import { afterAll, beforeAll } from 'vitest';
import { type Chain, startChain } from '../../sandbox/chain.ts';
import { people } from '../../sandbox/people.ts';
import { DEVICE_CODE, SCOPES } from './identityCenterWorld.ts';
import { createPageBrowser, type PageBrowser } from './pageBrowser.ts';

/** A device authorization at the federated instance. */
export interface StartedSignIn {
  readonly verificationUriComplete: string;
  /** CreateToken with the device code. */
  poll(): Promise<string>;
}

interface ChainWorld {
  readonly chain: Chain;
  /** A separate browser that follows redirects between both sides. */
  readonly browser: () => PageBrowser;
  /** A browser that does not follow redirects to Okta or submit forms automatically. */
  readonly browserAt: (origin: string) => PageBrowser;
  readonly startSignIn: () => Promise<StartedSignIn>;
  /** The service's response to a token of the federated instance. */
  readonly complete: (accessToken: string) => Promise<{ status: number; body: unknown }>;
}

/** One chain for all tests of a file, which restore its state. */
export function useChain(): ChainWorld {
  let chain: Chain;
  let client: SSOOIDCClient;

  beforeAll(async () => {
    chain = await startChain();
    const { region, endpoint } = chain.identityCenter;
    client = new SSOOIDCClient({ region, endpoint: endpoint.replace('{region}', region), maxAttempts: 1 });
  });

  afterAll(async () => {
    client.destroy();
    await chain.close();
  });

  return {
    get chain() {
      return chain;
    },
    browser: () => createPageBrowser({ inside: () => [chain.okta.origin, chain.identityCenter.origin] }),
    browserAt: (origin) => createPageBrowser({ inside: () => [origin], runsScripts: false }),
    async startSignIn() {
      const registered = await client.send(
        new RegisterClientCommand({
          clientName: 'Developer Sign-In',
          clientType: 'public',
          scopes: SCOPES,
          grantTypes: [DEVICE_CODE, 'refresh_token'],
        }),
      );
      const credentials = { clientId: registered.clientId, clientSecret: registered.clientSecret };
      const { startUrl } = chain.federated;
      const started = await client.send(new StartDeviceAuthorizationCommand({ ...credentials, startUrl }));
      const { verificationUriComplete = '', deviceCode } = started;
      return {
        verificationUriComplete,
        async poll() {
          const grant = { grantType: DEVICE_CODE, deviceCode };
          const { accessToken = '' } = await client.send(
            new CreateTokenCommand({ ...credentials, ...grant }),
          );
          return accessToken;
        },
      };
    },
    async complete(accessToken) {
      const headers = { authorization: `Bearer ${accessToken}` };
      const response = await fetch(chain.identityCenter.protectedUrl, { headers });
      return { status: response.status, body: await response.json() };
    },
  };
}

/** Input for a sign-in page. */
export function credentialsOf(username: string): Record<string, string> {
  const person = people.find((each) => each.username === username);
  return { Username: username, Password: person?.password ?? '' };
}
