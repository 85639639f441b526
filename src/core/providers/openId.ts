import { scopesOf } from '../connection/connection.ts';
import { findSignInError } from '../oauth/errors.ts';
import type { OpenIdConnection } from '../connection/connection.ts';
import type { Dialect } from '../oauth/errorMeanings.ts';
import type { MetadataStyle } from '../oidc/discovery.ts';
import { plainLine } from '../text/safeText.ts';
import type { OpenIdIssuance, Provider, ProviderAccount } from './provider.ts';

/** Loads the protocol, and with it the OpenID library, when a server is asked for something. */
export const openIdProtocol = () => import('../oidc/protocol.ts');

type OpenIdVerbs<C extends OpenIdConnection> = Pick<
  Provider<C, OpenIdIssuance<C>>,
  'begin' | 'refresh' | 'revoke' | 'secretsOf'
>;

/** How the servers of a provider speak. */
interface Servers {
  readonly dialect: Dialect;
  readonly metadataStyle: MetadataStyle;
}

/** The verbs that OpenID Connect providers share: discovery, both flows, refresh and revocation. */
export function openIdVerbs<C extends OpenIdConnection>({ dialect, metadataStyle }: Servers): OpenIdVerbs<C> {
  const clientOf = ({ server, connection }: OpenIdIssuance<C>) => ({
    server,
    clientId: connection.clientId,
    dialect,
  });
  return {
    begin: async (ports, connection, request, signal) => {
      const { authorizationCodeGrant, deviceCodeGrant, discover } = await openIdProtocol();
      const server = await discover(ports, connection.issuer, signal, metadataStyle);
      const hasDeviceCode = server.deviceAuthorizationEndpoint !== undefined;
      const issued: OpenIdIssuance<C> = { type: connection.type, connection, server };
      const oidc = { ...ports, ...clientOf(issued), connectionName: connection.name };
      return {
        offered: hasDeviceCode ? ['authorizationCode', 'deviceCode'] : ['authorizationCode'],
        run: async (flow, { person, otherFlow }, flowSignal) => {
          if (flow === 'authorizationCode') {
            const outcome = await authorizationCodeGrant({ ...oidc, person }, request, flowSignal);
            return 'done' in outcome ? { done: { ...issued, ...outcome.done } } : outcome;
          }
          try {
            const outcome = await deviceCodeGrant({ ...oidc, person }, request, flowSignal);
            return 'done' in outcome ? { done: { ...issued, tokenSet: outcome.done } } : outcome;
          } catch (error) {
            if (otherFlow === undefined || !lacksDeviceGrant(error)) throw error;
            return { missingGrant: 'deviceCode' };
          }
        },
      };
    },
    refresh: async (ports, session, refreshToken, signal) => {
      const { connection, tokenSet, requestedScopes = scopesOf(connection) } = session;
      const client = { ...ports, ...clientOf(session) };
      return (await openIdProtocol()).refresh(client, { ...tokenSet, refreshToken }, requestedScopes, signal);
    },
    revoke: async (ports, session, signal) =>
      (await openIdProtocol()).revoke({ ...ports, ...clientOf(session) }, session.tokenSet, signal),
    secretsOf: () => [],
  };
}

/**
 * Whether the server announces the device grant, and this application or organization lacks it. An unknown client is
 * refused alike: the other flow then tells it.
 */
function lacksDeviceGrant(error: unknown): boolean {
  const { kind, details = {} } = findSignInError(error) ?? {};
  if (kind === 'noFlow') return details.reason === 'deviceGrant';
  if (details.operation !== 'deviceAuthorize') return false;
  const isAbsent = details.status === 404 || details.status === 405;
  return kind === 'registrationRefused' || (kind === 'invalidResponse' && isAbsent);
}

/** Claims of a person, as an account needs them. */
interface PersonClaims {
  /** The stable identifier within the issuer. */
  readonly subject?: string | undefined;
  readonly login?: string | undefined;
}

/** An account at an issuer; of the issuer alone, where the tokens name no person. */
export function accountAt(issuer: string, { subject, login }: PersonClaims): ProviderAccount {
  const { protocol, host, hostname, pathname } = new URL(issuer);
  const address = `${protocol === 'https:' ? '' : `${protocol}//`}${host}${pathname.replace(/\/$/, '')}`;
  const name =
    plainLine(login ?? '').slice(0, longestLogin) || plainLine(subject ?? '').slice(0, longestLogin);
  if (!subject || name === '') return { id: `${issuer} ${hostname}`, address };
  return { id: `${issuer} ${subject}`, address, subject, name };
}

/** Longer values are malformed or hostile. */
const longestLogin = 200;
