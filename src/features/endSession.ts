import * as v from 'valibot';
import { decodePayload } from '../core/oidc/accessToken.ts';
import type { AuthorizationServer } from '../core/oidc/authorizationServerRecord.ts';

const text = v.fallback(v.optional(v.pipe(v.string(), v.nonEmpty(), v.maxLength(2000))), undefined);
const hintSchema = v.object({ login_hint: text, sid: text });

/**
 * The page where a browser ends its session at the server (OpenID Connect RP-Initiated Logout 1.0, 2), or undefined where
 * the server announces none. A browser keeps the address, so that the ID token is not in it as `id_token_hint`
 * (docs/ARCHITECTURE.md, rule 4). `logout_hint` is a claim that names the session or the person to the server itself:
 * Microsoft Entra ID wants `login_hint` of the ID token, Auth0 `sid`; a login is not sent, which both would not know.
 * There is nothing to come back to, and so no `post_logout_redirect_uri`.
 */
export function endSessionAddress(
  { endSessionEndpoint }: AuthorizationServer,
  clientId: string,
  idToken = '',
): string | undefined {
  if (endSessionEndpoint === undefined) return undefined;
  const parsed = v.safeParse(hintSchema, decodePayload(idToken));
  const { login_hint, sid } = parsed.success ? parsed.output : {};
  const hint = login_hint ?? sid;
  const url = new URL(endSessionEndpoint);
  url.searchParams.set('client_id', clientId);
  if (hint !== undefined) url.searchParams.set('logout_hint', hint);
  return url.href.replaceAll('+', '%20');
}
