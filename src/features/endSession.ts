import * as v from 'valibot';
import { decodeClaims } from '../core/oidc/accessToken.ts';
import type { AuthorizationServer } from '../core/oidc/authorizationServerRecord.ts';

const text = v.fallback(v.optional(v.pipe(v.string(), v.nonEmpty(), v.maxLength(2000))), undefined);
const hintSchema = v.object({ login_hint: text, sid: text });

/**
 * The page on which a browser ends its session at the server (OpenID Connect RP-Initiated Logout 1.0, 2);
 * undefined if the server has none.
 *
 * The browser keeps the address in its history, so it has no `id_token_hint` (docs/ARCHITECTURE.md, rule 4).
 * `logout_hint` is a claim of the ID token: `login_hint` for Microsoft Entra ID, `sid` for Auth0; neither
 * accepts a login. Without `post_logout_redirect_uri`: there is nowhere to return to.
 */
export function endSessionAddress(
  { endSessionEndpoint }: AuthorizationServer,
  clientId: string,
  idToken = '',
): string | undefined {
  if (endSessionEndpoint === undefined) return undefined;
  const { login_hint, sid } = decodeClaims(hintSchema, idToken);
  const hint = login_hint ?? sid;
  const url = new URL(endSessionEndpoint);
  url.searchParams.set('client_id', clientId);
  if (hint !== undefined) url.searchParams.set('logout_hint', hint);
  return url.href.replaceAll('+', '%20');
}
