import type { IdentityCenterConnection } from '../connection/connection.ts';
import { resolveStartUrl } from '../identityCenter/customStartUrl.ts';
import { endpointsOf, isSameService } from '../identityCenter/endpoints.ts';
import { authorizationCodeGrant, deviceCodeGrant } from '../identityCenter/signIn.ts';
import { builderId, parseStartUrl } from '../identityCenter/startUrl.ts';
import { refresh } from '../identityCenter/token.ts';
import { SignInError } from '../oauth/errors.ts';
import type { Provider } from './provider.ts';
import { defined } from '../defined.ts';

/** AWS IAM Identity Center and AWS Builder ID: SSO-OIDC, its own dialect of OAuth 2.0. */
export const identityCenter: Provider<IdentityCenterConnection> = {
  resolve: async (http, connection, signal) => {
    const given = parseStartUrl(connection.startUrl);
    if (given.partition !== undefined) return connection;
    const { url, region } = await resolveStartUrl(http, given, signal);
    return { ...connection, startUrl: url, region: region ?? connection.region };
  },
  begin: async (ports, connection, { scopes }) => {
    const endpoints = endpointsOf(connection.region, await ports.endpoints(), connection.startUrl);
    return {
      offered: ['authorizationCode', 'deviceCode'],
      run: async (flow, { person, otherFlow }, signal) => {
        const grant = flow === 'deviceCode' ? deviceCodeGrant : authorizationCodeGrant;
        const request = { scopes, endpoints, ...defined({ otherFlow }) };
        const outcome = await grant({ ...ports, person }, connection, request, signal);
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
  secretsOf: ({ registration }) => [registration.clientSecret],
  account: ({ startUrl }) => {
    const { url, partition, alias } = parseStartUrl(startUrl);
    const { hostname, pathname } = new URL(url);
    const id = `${partition ?? 'aws'} ${url}`;
    if (url === builderId.startUrl) return { id, address: alias };
    const path = pathname.replace(/\/$/, '');
    // In AWS's own forms these parts are the same for every portal; a company's own address can have several below it.
    const ownPath = partition === undefined ? path : path.replace(/^\/start$|^\/directory/, '');
    return { id, address: `${hostname}${ownPath}` };
  },
};
