import { html } from '../html.ts';
import { signInFields, type Page } from '../page.ts';
import type { Consent } from './consent.ts';

/** The field that carries, from page to page, which question is being answered: a user code, or a request's id. */
export const CONSENT_FIELD = 'for';

export const PROVIDER = 'IAM Identity Center (sandbox)';

/**
 * Where a device authorization begins: the code as the link has it, or empty to be typed.
 * @param leadsTo where the people of a federated instance sign in
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

/** @param username what was typed before, when it was wrong */
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
 * Asks the signed-in person.
 * @param leadsTo where another person would sign in
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
      <p>The application asks for:</p>
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
        ? html`<p>The application has got access. You can close this window.</p>`
        : html`<p>The application has got no access. You can close this window.</p>`,
  };
}

/** A dead end that only the application can lead out of. */
export function refusedPage(reason: string): Page {
  return {
    provider: PROVIDER,
    heading: 'This request cannot be answered',
    alert: reason,
    content: html`<p>Go back to the application and sign in again.</p>`,
  };
}
