import { scopesOf } from '../../core/connection/connection.ts';
import { OAuthErrorResponse } from '../../core/oauth/errorResponse.ts';
import type { SignInError } from '../../core/oauth/errors.ts';
import type { ClientDemand } from '../../core/oidc/authorizationServerRecord.ts';
import { demandAtPage, demandOf } from '../../core/oidc/clientDemand.ts';
import { parseClientId } from '../../input/issuer.ts';
import { safeText } from '../../core/text/safeText.ts';
import { defineCheck } from '../check.ts';
import type { CheckContext } from '../check.ts';
import { fail, inconclusive, pass, warn } from '../checkResult.ts';
import { askWithMadeUpCode, missingDeviceGrant, refusalIn, revokeMadeUpToken } from '../clientRequests.ts';
import { redirectIn } from '../redirectIn.ts';
import type { SetupInputs } from '../setupPorts.ts';

const parMember = 'require_pushed_authorization_requests';
const jarMember = 'require_signed_request_object';
const demandOfError = (error: SignInError): ClientDemand | 'par' | 'jar' =>
  error.details.reason as ClientDemand | 'par' | 'jar';

function clientIdOf({ oidcClient: oidc }: SetupInputs): string | undefined {
  try {
    return parseClientId(oidc?.clientId ?? '');
  } catch {
    return undefined;
  }
}

const notClientId = ({ oidcClient: oidc }: SetupInputs) =>
  fail('notClientId', { given: safeText(oidc?.clientId) });

/** Another text in place of the client ID shows without the provider. */
async function checkClientIdForm({ inputs }: CheckContext) {
  return clientIdOf(inputs) === undefined ? notClientId(inputs) : undefined;
}

/**
 * Verifies that the client exists and is public: a token request with a made-up code must be refused because of
 * the code, not the client (RFC 6749, 5.2). Nothing is granted or spent. A registered redirect URI also proves
 * that the client exists.
 */
async function checkClient({ ports, inputs, lookups, signal }: CheckContext) {
  const { oidcClient: oidc } = inputs;
  const clientId = clientIdOf(inputs);
  if (clientId === undefined) return notClientId(inputs);
  const server = await lookups.openId.server();
  const answers = await lookups.openId.redirectUris();
  const known = answers.find(({ answer }) => answer.registration === 'registered');
  const { error, description } = known?.answer ?? {};
  const atPage =
    error === undefined ? undefined : demandAtPage(new OAuthErrorResponse(error, describe(description)));
  if (atPage !== undefined) {
    // A demand on all applications is the provider's, which its metadata lists.
    const { document } = await lookups.openId.nearest();
    const demand = demandOfError(atPage);
    if (document?.[demand === 'par' ? parMember : jarMember] === true)
      return inconclusive('blocked', { blockedBy: ['oidc.announced'] });
    return fail(demand, { clientId, words: description });
  }
  const redirectUri = (known ?? answers[0])?.redirectUri ?? 'http://localhost/oauth/callback';
  const response = await askWithMadeUpCode(ports.http, { server, clientId }, redirectUri, signal);
  const { status } = response;
  const { word = '', words } = await refusalIn(response);
  const demand = demandOf(
    new OAuthErrorResponse(word, { status, ...describe(words) }),
    server,
    known !== undefined,
  );
  if (demand !== undefined) return fail(demandOfError(demand), { clientId, status, words });
  if (word === 'invalid_grant') {
    // The authorization endpoint states its demands, such as pushed requests, only for a registered URI.
    if (answers.length > 0 && known === undefined) return inconclusive('demandsNotSeen', { clientId });
    if (!ports.beginsWithDeviceCode) return pass({ clientId });
    const scopes = oidc === undefined ? [] : scopesOf(oidc);
    const missing = await missingDeviceGrant(ports.http, server, { clientId, scopes }, signal);
    return missing === undefined ? pass({ clientId }) : warn('deviceGrantMissing', { clientId, ...missing });
  }
  if (word === 'invalid_client' || word === 'unauthorized_client') {
    // Microsoft Entra ID and older releases of Keycloak send the second code for an unknown client, too.
    const isUnknown = word === 'invalid_client' || /\bnot found\b|unknown[ _]client/i.test(words ?? '');
    return fail(isUnknown ? 'clientUnknown' : 'codeGrantMissing', { clientId, status, words });
  }
  const code = word === '' ? undefined : word;
  return inconclusive('unclearAnswer', { clientId, status, code, words, redirectsTo: redirectIn(response) });
}

const describe = (description: string | undefined): { readonly description?: string } =>
  description === undefined ? {} : { description };

const revocationNotAnnounced = () => warn('revocationNotAnnounced');

/** A missing revocation endpoint shows without the application. */
async function checkRevocationAnnounced({ lookups }: CheckContext) {
  const { document } = await lookups.openId.nearest();
  const isMissing = document !== undefined && (document['revocation_endpoint'] ?? '') === '';
  return isMissing ? revocationNotAnnounced() : undefined;
}

/**
 * Verifies that sign-out can end the session at the provider: its revocation endpoint accepts requests without
 * a secret.
 */
async function checkRevocation({ ports, inputs, lookups, signal }: CheckContext) {
  const { revocationEndpoint: address } = await lookups.openId.server();
  if (address === undefined) return revocationNotAnnounced();
  const clientId = inputs.oidcClient?.clientId ?? '';
  const response = await revokeMadeUpToken(ports.http, address, clientId, signal);
  const { status } = response;
  if (status === 200) return pass({ address });
  const { word, words } = await refusalIn(response);
  const evidence = { address, status, code: word, words };
  return word === 'invalid_client' || word === 'unauthorized_client'
    ? warn('revocationRefused', evidence)
    : inconclusive('unclearAnswer', evidence);
}

/** Checks of the application as a client at any OpenID Connect provider. */
export const openIdApplicationChecks = [
  defineCheck({
    id: 'oidc.client',
    steps: ['openIdConnect.application'],
    owner: 'identityAdministrator',
    needs: ['oidcClient'],
    after: ['oidc.announced'],
    despite: { 'oidc.announced': ['noS256', 'codeNotAnnounced', 'pushedRequests', 'signedRequests'] },
    beforehand: checkClientIdForm,
    run: checkClient,
    texts: (l10n) => ({
      title: l10n.t('Public client'),
      results: {
        demandsNotSeen: {
          found: l10n.t(
            'The client is known. Its other requirements can’t be checked without a registered redirect URI.',
          ),
          next: l10n.t('See the check of the redirect URIs.'),
        },
        notClientId: {
          found: l10n.t('This isn’t a client ID.'),
          next: l10n.t('Copy the client ID of the application from the provider’s console.'),
        },
        clientUnknown: {
          found: l10n.t('The provider refuses this client ID.'),
          next: l10n.t(
            'Copy it again from the console. The application must be active and public (native), without a client secret.',
          ),
        },
        codeGrantMissing: {
          found: l10n.t('The application isn’t allowed to use the authorization code flow.'),
          next: l10n.t('Allow the “authorization code” grant type for the application.'),
        },
        clientSecret: {
          found: l10n.t('The application is confidential: it requires a client secret.'),
          next: l10n.t('Make it a public (native) application, or register another one.'),
        },
        privateKeyJwt: {
          found: l10n.t('The application is confidential: it requires a signed client assertion.'),
          next: l10n.t('Make it a public (native) application, or register another one.'),
        },
        clientCertificate: {
          found: l10n.t('The application is confidential: it requires a client certificate.'),
          next: l10n.t('Make it a public (native) application, or register another one.'),
        },
        dpop: {
          found: l10n.t('The application requires DPoP.'),
          next: l10n.t('Turn it off for the application. Developer Sign-In doesn’t support it.'),
        },
        par: {
          found: l10n.t('The application requires pushed authorization requests (PAR).'),
          next: l10n.t('Make them optional. Developer Sign-In doesn’t support them.'),
        },
        jar: {
          found: l10n.t('The application requires signed authorization requests.'),
          next: l10n.t('Make them optional. Developer Sign-In doesn’t support them.'),
        },
        deviceGrantMissing: {
          found: l10n.t('The application can’t use device codes.'),
          next: l10n.t(
            'Allow the device authorization grant. Until then, people paste the callback URL, because their browser can’t redirect to this editor.',
          ),
        },
      },
    }),
  }),
  defineCheck({
    id: 'oidc.revocation',
    steps: ['openIdConnect.application'],
    owner: 'identityAdministrator',
    needs: ['oidcClient'],
    after: ['oidc.client'],
    despite: { 'oidc.client': ['codeGrantMissing', 'dpop', 'par', 'jar'] },
    beforehand: checkRevocationAnnounced,
    run: checkRevocation,
    texts: (l10n) => ({
      title: l10n.t('Token revocation'),
      results: {
        revocationNotAnnounced: {
          found: l10n.t(
            'The provider can’t revoke tokens. They stay valid after a sign-out until they expire.',
          ),
          next: l10n.t('Turn on token revocation, or limit how long refresh tokens are valid.'),
        },
        revocationRefused: {
          found: l10n.t(
            'The application can’t revoke its tokens. They stay valid after a sign-out until they expire.',
          ),
          next: l10n.t('Allow token revocation without a client secret for this application.'),
        },
      },
    }),
  }),
];
