/** The OpenID Connect protocol and its library, loaded together on first use. */
export { authorizationCodeGrant } from './authorizationCode.ts';
export { deviceCodeGrant } from './deviceAuthorization.ts';
export { discover } from './discovery.ts';
export { refresh, revoke } from './token.ts';
