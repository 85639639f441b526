import type { OktaConnection } from '../connection/connection.ts';
import { dialects } from '../oauth/errorMeanings.ts';
import { decodeAccessToken } from '../oidc/accessToken.ts';
import { accountAt, openIdVerbs } from './openId.ts';
import type { Provider } from './provider.ts';

/** Okta: OpenID Connect with access tokens that identify the user. */
export const okta: Provider<OktaConnection> = {
  ...openIdVerbs<OktaConnection>({ dialect: dialects.okta, metadataStyle: 'complete' }),
  // `uid` of an access token and `sub` of an ID token are the same user ID; an access token's `sub` is the login.
  account: ({ issuer }, { accessToken, idToken }) => {
    const access = decodeAccessToken(accessToken);
    const identity = idToken === undefined ? {} : decodeAccessToken(idToken);
    const subject = access.uid ?? access.sub ?? identity.sub;
    return accountAt(issuer, { subject, login: access.sub ?? identity.sub });
  },
  accountOfOldRecord: ({ issuer }, old) =>
    accountAt(issuer, {
      subject: old.id.slice(old.id.indexOf(' ') + 1),
      login: old.label.replace(/ \([^()]*\)$/, ''),
    }),
};
