import { html } from '../html.ts';
import { signInFields, type Page } from '../page.ts';
import type { Consent } from './consent.ts';

/** The hidden field that identifies the pending question on each page: a user code, or a request's ID. */
export const CONSENT_FIELD = 'for';

export const PROVIDER = 'IAM Identity Center (sandbox)';

/**
 * The first page of a device authorization, with the code from the link or an empty field.
 * @param leadsTo where users of a federated instance sign in
 */
export function codePage(userCode: string, leadsTo: readonly string[], alert?: string): Page {
  return {
    provider: PROVIDER,
    leadsTo,
    heading: 'Authorization requested',
    alert,
    content: html`
      <p>
        Confirm that this is the code that the application shows. If you did not ask for it, close this
        window.
      </p>
      <form method="post" action="/device">
        <label
          >Code
          <input
            class="code"
            name="user_code"
            value="${userCode}"
            placeholder="XXXX-XXXX"
            required
            autofocus
            autocomplete="off"
            autocapitalize="characters"
            spellcheck="false"
        /></label>
        <button>Confirm and continue</button>
      </form>
    `,
  };
}

/** @param username the previous input, after a failed attempt */
export function signInPage(consentId: string, username = '', alert?: string): Page {
  return {
    provider: PROVIDER,
    heading: 'Sign in',
    alert,
    content: html`
      <form method="post" action="/sign-in">
        <input type="hidden" name="${CONSENT_FIELD}" value="${consentId}" />
        ${signInFields(username)}
        <button>Sign in</button>
      </form>
    `,
  };
}

/**
 * Asks the signed-in user for consent.
 * @param leadsTo where a different user would sign in
 */
export function consentPage(
  consentId: string,
  consent: Consent,
  person: { readonly name: string; readonly username: string },
  leadsTo: readonly string[],
): Page {
  return {
    provider: PROVIDER,
    leadsTo,
    heading: `Allow ${consent.clientName} to access your data?`,
    content: html`
      <p>The application requests access to:</p>
      <ul>
        ${consent.scopes.map((scope) => html`<li>${scope}</li>`)}
      </ul>
      <form method="post" action="/allow">
        <input type="hidden" name="${CONSENT_FIELD}" value="${consentId}" />
        <button name="decision" value="allow">Allow access</button>
        <button name="decision" value="deny" class="secondary">Deny</button>
      </form>
      <form method="post" action="/sign-out">
        <input type="hidden" name="${CONSENT_FIELD}" value="${consentId}" />
        <p class="quiet">Signed in as ${person.name} (${person.username}).</p>
        <button class="secondary">Sign in as someone else</button>
      </form>
    `,
  };
}

export function decidedPage(decision: 'approved' | 'denied'): Page {
  return {
    provider: PROVIDER,
    heading: decision === 'approved' ? 'Request approved' : 'Request denied',
    content:
      decision === 'approved'
        ? html`<p>The application now has access. You can close this window.</p>`
        : html`<p>The application was not granted access. You can close this window.</p>`,
  };
}

/** An error page that only the application can recover from. */
export function refusedPage(reason: string): Page {
  return {
    provider: PROVIDER,
    heading: 'This request cannot be processed',
    alert: reason,
    content: html`<p>Return to the application and sign in again.</p>`,
  };
}
