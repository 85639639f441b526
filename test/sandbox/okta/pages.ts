import { errors, type ErrorOut, type KoaContextWithOIDC } from 'oidc-provider';
import { html, type Html } from '../html.ts';
import { type Page, pageHeaders, renderPage } from '../page.ts';
import { asOktaMessage, REDIRECT_URI_NOT_REGISTERED, UNKNOWN_CLIENT } from './oktaMessages.ts';

export const PROVIDER_NAME = 'Okta';

/** The pages of one provider, with its name. */
export function pagesOf(provider: string) {
  const page = (heading: string) => ({ provider, heading });
  return {
    /** For requests that cannot be answered with a redirect: a 400 in the browser, unknown to the client. */
    showFailure: (ctx: KoaContextWithOIDC, out: ErrorOut, error: Error): void => {
      show(ctx, badRequest(out.error, describe(out, error), provider));
    },

    /** Asks for a device's user code; after an error, for another one. */
    askUserCode: (ctx: KoaContextWithOIDC, _form: string, _out?: ErrorOut, error?: Error): void => {
      show(ctx, {
        ...page('Activate your device'),
        content: html`
          <p>Follow the instructions on your device to get an activation code.</p>
          <form method="post" action="${ctx.path}">
            ${hidden('xsrf', xsrfOf(ctx))}
            <label>Activation Code <input name="user_code" autocomplete="off" required /></label>
            <button>Next</button>
          </form>
        `,
        alert: error === undefined ? undefined : describeDeviceError(error),
      });
    },

    /** Lets the user compare the user code before approving the device. */
    confirmUserCode: (
      ctx: KoaContextWithOIDC,
      _form: string,
      _client: unknown,
      _device: unknown,
      userCode: string,
    ): void => {
      show(ctx, {
        ...page('Activate your device'),
        content: html`
          <p>Continue only if your device shows this code:</p>
          <p class="code">${userCode}</p>
          <form method="post" action="${ctx.path}">
            ${hidden('xsrf', xsrfOf(ctx))} ${hidden('user_code', userCode)} ${hidden('confirm', 'yes')}
            <button>Activate</button>
            <button class="secondary" name="abort" value="yes">Cancel</button>
          </form>
        `,
      });
    },

    showDeviceActivated: (ctx: KoaContextWithOIDC): void => {
      show(ctx, {
        ...page('Device activated'),
        content: html`<p>
          Follow the instructions on your device for next steps. You may close this window.
        </p>`,
      });
    },

    confirmLogout: (ctx: KoaContextWithOIDC): void => {
      show(ctx, {
        ...page('Sign out'),
        content: html`
          <form method="post" action="${ctx.oidc.urlFor('end_session_confirm')}">
            ${hidden('xsrf', xsrfOf(ctx))} ${hidden('logout', 'yes')}
            <button>Sign out</button>
          </form>
        `,
      });
    },

    showLoggedOut: (ctx: KoaContextWithOIDC): void => {
      show(ctx, { ...page('Signed out'), content: html`<p>You may close this window.</p>` });
    },
  };
}

/** Okta's page for a request that it cannot redirect: a dead end. */
export function badRequest(code: string, description: string, provider = PROVIDER_NAME): Page {
  return {
    provider,
    heading: '400 Bad Request',
    content: html`
      <p>Your request resulted in an error. ${description}</p>
      <p class="quiet">Error code: ${code}</p>
    `,
  };
}

function show(ctx: KoaContextWithOIDC, content: Page): void {
  ctx.set(pageHeaders(content));
  ctx.body = renderPage(content);
}

function hidden(name: string, value: string): Html {
  return html`<input type="hidden" name="${name}" value="${value}" />`;
}

/** The anti-forgery secret that oidc-provider expects in its forms. */
function xsrfOf(ctx: KoaContextWithOIDC): string {
  const secret = ctx.oidc.session?.state?.['secret'];
  return typeof secret === 'string' ? secret : '';
}

function describe(out: ErrorOut, error: Error): string {
  if (error instanceof errors.InvalidClient) return UNKNOWN_CLIENT;
  if (error instanceof errors.InvalidRedirectUri) return REDIRECT_URI_NOT_REGISTERED;
  return asOktaMessage(out.error_description ?? '');
}

function describeDeviceError(error: Error): string {
  if (error.name !== 'AbortedError') return 'Invalid code. Try again.';
  const { cause } = error;
  return cause instanceof errors.AccessDenied
    ? (cause.error_description ?? cause.message)
    : 'The device was not activated.';
}
