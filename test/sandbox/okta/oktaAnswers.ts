import type { KoaContextWithOIDC, Provider } from 'oidc-provider';
import { apiError, asOktaMessage, oauthError, tokenError, UNKNOWN_CLIENT } from './oktaMessages.ts';
import type { OktaSettings } from './settings.ts';

/**
 * Makes a provider respond as Okta does where settings are not enough: errors, redirects, the device response.
 * oidc-provider emits error events after setting the body, and device authorizations before sending it, so both
 * can be changed.
 */
export function speakOkta(provider: Provider, settings: OktaSettings): void {
  const { origin } = new URL(provider.issuer);
  takeCustomRedirectUris(provider, settings.customRedirectUris);

  provider.on('grant.error', (ctx, error) => {
    ctx.body = tokenError(error, ctx.oidc.params?.['grant_type']);
  });
  provider.on('device_authorization.error', (ctx, error) => {
    ctx.body =
      error.error === 'invalid_client' ? apiError('invalid_client', UNKNOWN_CLIENT) : oauthError(error);
  });
  provider.on('device_authorization.success', (_ctx, body) => {
    if (settings.deviceIntervalSeconds !== undefined) body['interval'] = settings.deviceIntervalSeconds;
  });
  provider.on('revocation.error', (ctx, error) => {
    if (error.error === 'invalid_client') {
      ctx.body = apiError('invalid_client', UNKNOWN_CLIENT);
    } else if (error.error === 'unsupported_token_type') {
      // Okta also accepts a JWT access token.
      ctx.status = 200;
      ctx.body = '';
    }
  });
  provider.on('server_error', (_ctx, error) => {
    console.error('The Okta sandbox has failed:', error);
  });

  provider.use(async (ctx, next) => {
    await next();
    if (ctx.status === 404 && ctx.body === undefined) {
      ctx.body = apiError('E0000022', 'The endpoint does not support the provided HTTP method');
      ctx.status = 405;
    }
    const location = ctx.response.get('location');
    if (location !== '' && new URL(location, origin).origin !== origin)
      redirectAsOkta(ctx, location, settings);
  });
}

/** oidc-provider requires web addresses from clients whose redirect URIs it compares as whole strings. */
function takeCustomRedirectUris({ Client }: Provider, uris: readonly string[]): void {
  const prototype = Client.prototype as { redirectUriAllowed: (this: unknown, uri: string) => boolean };
  const { redirectUriAllowed } = prototype;
  prototype.redirectUriAllowed = function allowed(uri) {
    return uris.includes(uri) || redirectUriAllowed.call(this, uri);
  };
}

/** oidc-provider always sends `iss`, its own messages, and 303. */
function redirectAsOkta(
  ctx: Pick<KoaContextWithOIDC, 'redirect' | 'status' | 'body'>,
  location: string,
  settings: OktaSettings,
): void {
  const url = new URL(location);
  if (!settings.issParameter) url.searchParams.delete('iss');
  const description = url.searchParams.get('error_description');
  if (description !== null) url.searchParams.set('error_description', asOktaMessage(description));
  ctx.redirect(url.href);
  ctx.status = 302;
  // Koa writes the address, including the code, into the body.
  ctx.body = '';
}
