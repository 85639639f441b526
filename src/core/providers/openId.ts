import { connectionKey, scopesOf } from '../connection/connection.ts';
import { findSignInError } from '../oauth/errors.ts';
import type { OpenIdConnection } from '../connection/connection.ts';
import type { Dialect } from '../oauth/errorMeanings.ts';
import type { MetadataStyle } from '../oidc/discovery.ts';
import { plainLine } from '../text/safeText.ts';
import type { OpenIdIssuance, Provider, ProviderAccount } from './provider.ts';

/** Loads the protocol and the OpenID library on first use. */
export const openIdProtocol = () => import('../oidc/protocol.ts');

type OpenIdVerbs<C extends OpenIdConnection> = Pick<
  Provider<C, OpenIdIssuance<C>>,
  'begin' | 'refresh' | 'revoke' | 'secretsOf'
>;

interface Servers {
  readonly dialect: Dialect;
  readonly metadataStyle: MetadataStyle;
}

/** The operations that OpenID Connect providers share: discovery, both flows, refresh and revocation. */
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
        run: async (flow, { user, otherFlow }, flowSignal) => {
          if (flow === 'authorizationCode') {
            const outcome = await authorizationCodeGrant({ ...oidc, user }, request, flowSignal);
            return 'done' in outcome ? { done: { ...issued, ...outcome.done } } : outcome;
          }
          try {
            const outcome = await deviceCodeGrant({ ...oidc, user }, request, flowSignal);
            return 'done' in outcome ? { done: { ...issued, tokenSet: outcome.done } } : outcome;
          } catch (error) {
            if (otherFlow === undefined || !lacksDeviceGrant(error)) throw error;
            const key = connectionKey(connection);
            ports.log.warn('The application doesn’t allow the device grant', { connection: key });
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
 * Whether this application or organization lacks the device grant that the server announces. An unknown client gets the
 * same refusal; the other flow then reports it.
 */
function lacksDeviceGrant(error: unknown): boolean {
  const { kind, details = {} } = findSignInError(error) ?? {};
  if (kind === 'noFlow') return details.reason === 'deviceGrant';
  if (details.operation !== 'deviceAuthorize') return false;
  const isAbsent = details.status === 404 || details.status === 405;
  return kind === 'registrationRefused' || (kind !== 'proxy' && isAbsent);
}

interface PersonClaims {
  /** Stable identifier within the issuer. */
  readonly subject?: string | undefined;
  readonly login?: string | undefined;
}

/** The account of a user at an issuer; of the issuer alone if the tokens do not identify the user. */
export function accountAt(issuer: string, { subject, login }: PersonClaims): ProviderAccount {
  const { protocol, host, hostname, pathname } = new URL(issuer);
  const address = `${protocol === 'https:' ? '' : `${protocol}//`}${host}${pathname.replace(/\/$/, '')}`;
  const name =
    plainLine(login ?? '').slice(0, maxLoginLength) || plainLine(subject ?? '').slice(0, maxLoginLength);
  if (!subject || name === '') return { id: `${issuer} ${hostname}`, address };
  return { id: `${issuer} ${subject}`, address, subject, name };
}

/** Longer values are malformed or hostile. */
const maxLoginLength = 200;
