import { scopesOf } from '../connection/connection.ts';
import type { OktaConnection } from '../connection/connection.ts';
import { findSignInError } from '../oauth/errors.ts';
import { authorizationCodeGrant } from '../oidc/authorizationCode.ts';
import { decodeAccessToken } from '../oidc/accessToken.ts';
import { deviceCodeGrant } from '../oidc/deviceAuthorization.ts';
import { discover } from '../oidc/discovery.ts';
import { refresh, revoke } from '../oidc/token.ts';
import { plainLine } from '../text/safeText.ts';
import type { AccountFacts, AccountTokens, Provider } from './provider.ts';

/** Okta: OpenID Connect with registered ports, and access tokens that name the person. */
export const okta: Provider<OktaConnection> = {
  begin: async (ports, connection, request, signal) => {
    const server = await discover(ports, connection.issuer, signal);
    const hasDeviceCode = server.deviceAuthorizationEndpoint !== undefined;
    return {
      offered: hasDeviceCode ? ['authorizationCode', 'deviceCode'] : ['authorizationCode'],
      run: async (flow, { person, otherFlow }, flowSignal) => {
        const issued = { type: 'okta', connection, server } as const;
        const all = { ...ports, person };
        if (flow === 'authorizationCode') {
          const outcome = await authorizationCodeGrant(all, connection, server, request, flowSignal);
          return 'done' in outcome ? { done: { ...issued, ...outcome.done } } : outcome;
        }
        try {
          const outcome = await deviceCodeGrant(all, connection, server, request.scopes, flowSignal);
          return 'done' in outcome ? { done: { ...issued, tokenSet: outcome.done } } : outcome;
        } catch (error) {
          if (otherFlow === undefined || !lacksDeviceGrant(error)) throw error;
          return { missingGrant: 'deviceCode' };
        }
      },
    };
  },
  refresh: (ports, { connection, server, tokenSet, requestedScopes }, refreshToken, signal) =>
    refresh(
      ports,
      { server, clientId: connection.clientId },
      { ...tokenSet, refreshToken },
      requestedScopes ?? scopesOf(connection),
      signal,
    ),
  revoke: ({ http }, { server, connection, tokenSet }, signal) =>
    revoke(http, server, connection.clientId, tokenSet, signal),
  account: ({ issuer }, tokens) => accountAt(issuer, claimsOf(tokens)),
  accountOfOldRecord: ({ issuer }, old) =>
    accountAt(issuer, {
      subject: old.id.slice(old.id.indexOf(' ') + 1),
      login: old.label.replace(/ \([^()]*\)$/, ''),
    }),
};

/**
 * Whether a device authorization was refused as a whole: the server announces the grant, and this application or
 * organization does not have it. A client that is not known is refused so too, and told by the other flow.
 */
function lacksDeviceGrant(error: unknown): boolean {
  const { kind, details = {} } = findSignInError(error) ?? {};
  if (kind === 'noFlow') return details.reason === 'deviceGrant';
  if (details.operation !== 'deviceAuthorize') return false;
  const isAbsent = details.status === 404 || details.status === 405;
  return kind === 'registrationRefused' || (kind === 'invalidResponse' && isAbsent);
}

interface PersonClaims {
  readonly subject?: string | undefined;
  readonly login?: string | undefined;
}

/** `uid` of an access token and `sub` of an ID token are the same person; `sub` of an access token is the login. */
function claimsOf({ accessToken, idToken }: AccountTokens): PersonClaims {
  const access = decodeAccessToken(accessToken);
  const identity = idToken === undefined ? {} : decodeAccessToken(idToken);
  return { subject: access.uid ?? access.sub ?? identity.sub, login: access.sub ?? identity.sub };
}

function accountAt(issuer: string, { subject, login }: PersonClaims): AccountFacts {
  const { protocol, host, hostname, pathname } = new URL(issuer);
  const address = `${protocol === 'https:' ? '' : `${protocol}//`}${host}${pathname.replace(/\/$/, '')}`;
  const name =
    plainLine(login ?? '').slice(0, longestLogin) || plainLine(subject ?? '').slice(0, longestLogin);
  if (!subject || name === '') return { id: `${issuer} ${hostname}`, address };
  return { id: `${issuer} ${subject}`, address, subject, name };
}

/** Longer values are malformed or hostile. */
const longestLogin = 200;
