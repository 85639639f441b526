/** The protocol, in one part that is loaded on first use, and with it the OpenID library. */
export { authorizationCodeGrant } from './authorizationCode.ts';
export { deviceCodeGrant } from './deviceAuthorization.ts';
export { discover } from './discovery.ts';
export { refresh, revoke } from './token.ts';
