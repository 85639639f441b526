import { html } from '../../html.ts';
import { signInFields, type Page } from '../../page.ts';
import { badRequest, PROVIDER_NAME } from '../pages.ts';

/** Okta's sign-in page during a SAML sign-in; keeps the SAML request. */
export function samlSignInPage(
  carried: Readonly<Record<string, string>>,
  leadsTo: readonly string[],
  wrongUsername?: string,
): Page {
  return {
    provider: PROVIDER_NAME,
    heading: 'Sign In',
    leadsTo,
    alert: wrongUsername === undefined ? undefined : 'Unable to sign in',
    content: html`
      <form method="post">
        ${hiddenFields(carried)} ${signInFields(wrongUsername)}
        <button>Sign in</button>
      </form>
      <p class="quiet">to continue to AWS IAM Identity Center</p>
    `,
  };
}

/** Posts the response to the other side (HTTP-POST binding). */
export function answerPage(acsUrl: string, fields: Readonly<Record<string, string>>): Page {
  return {
    provider: PROVIDER_NAME,
    heading: 'Signing in to AWS IAM Identity Center',
    leadsTo: [new URL(acsUrl).origin],
    sendsItself: true,
    content: html`
      <form method="post" action="${acsUrl}">
        ${hiddenFields(fields)}
        <p>You are redirected automatically.</p>
        <button>Continue</button>
      </form>
    `,
  };
}

/** The field that requests the sign-in page even if the user is signed in. */
export const SOMEONE_ELSE_FIELD = 'someoneElse';

export function notAssignedPage(
  username: string,
  carried: Readonly<Record<string, string>>,
  leadsTo: readonly string[],
): Page {
  return {
    provider: PROVIDER_NAME,
    leadsTo,
    heading: 'You cannot open this application',
    alert: `${username} is not assigned to AWS IAM Identity Center.`,
    content: html`
      <p>Ask your Okta administrator to assign you. Then sign in again.</p>
      <form method="post">
        ${hiddenFields({ ...carried, [SOMEONE_ELSE_FIELD]: 'yes' })}
        <button class="secondary">Sign in as someone else</button>
      </form>
    `,
  };
}

export function requestRefusedPage(): Page {
  return badRequest('app_error', 'The SAML request is missing, unreadable, or not for this application.');
}

function hiddenFields(fields: Readonly<Record<string, string>>) {
  return Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
  );
}
