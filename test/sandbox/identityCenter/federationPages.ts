import { html } from '../html.ts';
import type { Page } from '../page.ts';
import type { FederationRefusal } from './federation.ts';
import { CONSENT_FIELD, PROVIDER, refusedPage } from './pages.ts';
import type { SamlRefusal } from './saml/serviceProvider.ts';

/** What is wrong with a response, for the administrator of the two sides. */
const RESPONSE_REFUSALS: Readonly<Record<SamlRefusal, string>> = {
  signature: 'it is not signed, or not with a certificate of the metadata that was uploaded here',
  certificate: 'the signing certificate of the metadata that was uploaded here has expired',
  time: 'it is too old, or not valid yet',
  audience: 'it is meant for another service provider: its audience is not the issuer URL of this instance',
  inResponseTo: 'it does not answer the request that this browser was sent away with',
  replayed: 'it has been used before',
  recipient: 'it was sent to another address than the ACS URL of this instance',
  issuer: 'its issuer is not the entity id of the metadata that was uploaded here',
  status: 'the identity provider reports that the sign-in failed',
  malformed: 'it cannot be read',
};

/**
 * The end of a sign-in at the identity provider that led to no user.
 * @param consentId the question that waits
 * @param leadsTo where another person would sign in
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
      return refusedPage('This browser did not ask for this sign-in, or it took too long.');
    case 'response':
      return {
        provider: PROVIDER,
        heading: 'The sign-in was refused',
        alert: `The answer of your identity provider was not accepted: ${RESPONSE_REFUSALS[refused.refusal]}.`,
        content: html`
          <p>Your administrator can compare the SAML settings of both sides. Then sign in again.</p>
          ${tryAgain(consentId)}
        `,
      };
    case 'notProvisioned':
      return personRefusedPage(
        `${refused.username} is not known here: the identity provider has not provisioned this account.`,
        'Ask your administrator to look at the provisioning there. Then sign in again.',
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

/** An instance whose identity source was never set up. */
export const NO_IDENTITY_SOURCE: Page = refusedPage(
  'The identity source of this instance is external, and no identity provider is set up.',
);
