import type { IdentityCenterConnection } from '../connection/connection.ts';
import { builderId, endpointsOf, isSameService, partitionOfPage } from '../identityCenter/endpoints.ts';
import { authorizationCodeGrant } from '../identityCenter/authorizationCode.ts';
import { deviceCodeGrant } from '../identityCenter/deviceAuthorization.ts';
import { forgetRegistrations } from '../identityCenter/registration.ts';
import { refresh } from '../identityCenter/token.ts';
import { SignInError } from '../oauth/errors.ts';
import type { Provider } from './provider.ts';

/** AWS IAM Identity Center and AWS Builder ID, over SSO-OIDC, AWS's variant of OAuth 2.0. */
export const identityCenter: Provider<IdentityCenterConnection> = {
  begin: async (ports, connection, { scopes }) => {
    const { region, startUrl } = connection;
    const endpoints = endpointsOf(region, await ports.endpoints(), startUrl);
    return {
      offered: ['authorizationCode', 'deviceCode'],
      run: async (flow, { user, otherFlow }, signal) => {
        const grant = flow === 'deviceCode' ? deviceCodeGrant : authorizationCodeGrant;
        const endpoint = endpoints.oidc;
        const oidc = ports.ssoOidcAt({ region, url: endpoint });
        const alternatives = otherFlow === undefined ? [] : [otherFlow];
        const client = { ...ports, user, connection, oidc, endpoint, scopes, alternatives };
        const outcome = await grant(client, signal);
        return 'done' in outcome
          ? { done: { type: 'identityCenter', connection, endpoints, ...outcome.done } }
          : outcome;
      },
    };
  },
  refresh: async (ports, { connection, endpoints, registration, tokenSet }, refreshToken, signal) => {
    const { region, startUrl } = connection;
    if (!isSameService(endpointsOf(region, await ports.endpoints(), startUrl).oidc, endpoints.oidc)) {
      const { host } = new URL(endpoints.oidc);
      throw new SignInError('connectionChanged', { operation: 'refresh', host });
    }
    const oidc = ports.ssoOidcAt({ region, url: endpoints.oidc });
    return refresh(ports.clock, oidc, { registration, before: { ...tokenSet, refreshToken } }, signal);
  },
  revoke: (ports, { endpoints, tokenSet }, signal) =>
    ports.portalLogout(endpoints.portal, tokenSet.accessToken, signal),
  forgetClient: (ports, { registration }) => forgetRegistrations(ports, registration.clientId),
  secretsOf: ({ registration }) => [registration.clientSecret],
  account: ({ startUrl }) => {
    const { hostname, pathname } = new URL(startUrl);
    const partition = partitionOfPage(hostname);
    const id = `${partition ?? 'aws'} ${startUrl}`;
    if (startUrl === builderId.startUrl) return { id, address: 'AWS Builder ID' };
    const path = pathname.replace(/\/$/, '');
    // AWS's own URLs share these path segments; a custom domain can host several portals below it.
    const ownPath = partition === undefined ? path : path.replace(/^\/start$|^\/directory/, '');
    return { id, address: `${hostname}${ownPath}` };
  },
};
