import { html } from '../html.ts';
import type { Page } from '../page.ts';
import type { FederationRefusal } from './federation.ts';
import { CONSENT_FIELD, PROVIDER, refusedPage } from './pages.ts';
import type { SamlRefusal } from './saml/serviceProvider.ts';

/** Problems of a response, described for the administrator of both sides. */
const RESPONSE_REFUSALS: Readonly<Record<SamlRefusal, string>> = {
  signature: 'it is not signed with a certificate from the uploaded metadata',
  certificate: 'the signing certificate in the uploaded metadata has expired',
  time: 'it has expired or is not yet valid',
  audience: 'its audience is not the issuer URL of this instance',
  inResponseTo: 'it does not match the request from this browser',
  replayed: 'it has already been used',
  recipient: 'its destination is not the ACS URL of this instance',
  issuer: 'its issuer is not the entity ID in the uploaded metadata',
  status: 'the identity provider reports that the sign-in failed',
  malformed: 'it cannot be read',
};

/**
 * The page after a sign-in at the identity provider that does not match a user.
 * @param consentId the pending question
 * @param leadsTo where a different user would sign in
 */
export function federationRefusedPage(
  refused: FederationRefusal,
  consentId: string,
  leadsTo: readonly string[],
): Page {
  return { ...pageFor(refused, consentId), leadsTo };
}

function pageFor(refused: FederationRefusal, consentId: string): Page {
  switch (refused.why) {
    case 'otherBrowser':
      return refusedPage('This browser did not start this sign-in, or the sign-in timed out.');
    case 'response':
      return {
        provider: PROVIDER,
        heading: 'Sign-in failed',
        alert: `The response from your identity provider was rejected: ${RESPONSE_REFUSALS[refused.refusal]}.`,
        content: html`
          <p>Your administrator can compare the SAML settings of both sides. Then sign in again.</p>
          ${tryAgain(consentId)}
        `,
      };
    case 'notProvisioned':
      return personRefusedPage(
        `${refused.username} is not known here: the identity provider has not provisioned this account.`,
        'Ask your administrator to check provisioning there. Then sign in again.',
        consentId,
      );
    case 'deactivated':
      return personRefusedPage(
        `The account ${refused.username} is deactivated here.`,
        'Ask your administrator whether you are still assigned to the application. Then sign in again.',
        consentId,
      );
  }
}

function personRefusedPage(alert: string, next: string, consentId: string): Page {
  return {
    provider: PROVIDER,
    heading: 'You cannot sign in with this account',
    alert,
    content: html`
      <p>${next}</p>
      ${tryAgain(consentId)}
    `,
  };
}

function tryAgain(consentId: string) {
  return html`
    <form method="post" action="/sign-out">
      <input type="hidden" name="${CONSENT_FIELD}" value="${consentId}" />
      <button class="secondary">Sign in as someone else</button>
    </form>
  `;
}

/** The page of an instance whose external identity source is not set up. */
export const NO_IDENTITY_SOURCE: Page = refusedPage(
  'This instance uses an external identity source, but the identity provider is not set up.',
);
