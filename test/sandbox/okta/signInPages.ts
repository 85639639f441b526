import type { IncomingMessage, ServerResponse } from 'node:http';
import { errors, type Provider } from 'oidc-provider';
import { html } from '../html.ts';
import { signInFields, type Page, sendPage } from '../page.ts';
import { type Person, personWith } from '../people.ts';
import { readBody } from '../server.ts';
import { badRequest, PROVIDER_NAME } from './pages.ts';

/**
 * The sign-in page: a form with *Username*, *Password* and the button *Sign in*. The right password returns the
 * browser to the authorization that sent it here; a wrong one shows the form again with an error.
 */
export function createSignInPages(
  provider: Provider,
  people: readonly Person[],
  accountIdOf: (person: Person) => string = ({ username }) => username,
  name = PROVIDER_NAME,
) {
  return async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    try {
      const { params } = await provider.interactionDetails(req, res);
      if (req.method !== 'POST') {
        const { login_hint: hint } = params;
        sendPage(res, 200, signInPage(name, typeof hint === 'string' ? hint : ''));
        return;
      }
      const form = new URLSearchParams(await readBody(req));
      const username = form.get('username') ?? '';
      const person = personWith(people, username, form.get('password') ?? '');
      if (person === undefined) {
        sendPage(res, 200, signInPage(name, username, 'Unable to sign in'));
        return;
      }
      await provider.interactionFinished(req, res, {
        login: { accountId: accountIdOf(person), amr: ['pwd'] },
      });
    } catch (error) {
      if (!(error instanceof errors.SessionNotFound)) throw error;
      sendPage(
        res,
        400,
        badRequest('invalid_session', 'This sign-in has expired, or belongs to another browser.', name),
      );
    }
  };
}

function signInPage(provider: string, username: string, alert?: string): Page {
  return {
    provider,
    heading: 'Sign In',
    content: html`
      <form method="post">
        ${signInFields(username)}
        <button>Sign in</button>
      </form>
    `,
    alert,
  };
}
