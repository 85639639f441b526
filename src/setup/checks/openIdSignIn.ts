import * as v from 'valibot';
import { scopesOf } from '../../core/connection/connection.ts';
import { decodeClaims, textClaim } from '../../core/oidc/accessToken.ts';
import { safeText } from '../../core/text/safeText.ts';
import { defineCheck } from '../check.ts';
import type { CheckContext } from '../check.ts';
import { fail, inconclusive, isResult, pass, warn } from '../checkResult.ts';
import { testSignIn } from '../testSignIn.ts';
import { accessTokenSeconds, checkFirstRefresh, firstRefreshEvidence } from './firstRefresh.ts';

/** Verifies that the test sign-in returns tokens. */
async function checkSignIn(context: CheckContext) {
  const outcome = await testSignIn(context);
  return isResult(outcome)
    ? outcome
    : pass({ account: outcome.accountLabel, scopes: outcome.tokenSet.scopes });
}

const claimsSchema = v.object({ preferred_username: textClaim, email: textClaim });

/** A connection without the scope `openid` shows without a sign-in. */
async function checkOpenIdScope({ inputs: { oidcClient: oidc } }: CheckContext) {
  const scopes = oidc === undefined ? ['openid'] : scopesOf(oidc);
  return scopes.includes('openid') ? undefined : warn('openidNotAsked', { scopes });
}

/** Verifies that the sign-in returned a valid ID token with a name to display. */
async function checkIdToken(context: CheckContext) {
  const { oidcClient: oidc } = context.inputs;
  const withoutOpenId = await checkOpenIdScope(context);
  if (withoutOpenId !== undefined) return withoutOpenId;
  const outcome = await testSignIn(context);
  if (isResult(outcome) || oidc === undefined) return inconclusive('notSignedIn');
  const { idToken } = outcome.tokenSet;
  if (idToken === undefined) return fail('noIdToken');
  const { preferred_username, email } = decodeClaims(claimsSchema, idToken);
  const account = safeText(preferred_username ?? email);
  return account === undefined ? warn('nameMissing') : pass({ account });
}

/**
 * Verifies that a refresh token was issued and that a refresh works; reports the token's lifetime, and whether
 * the refresh token rotates.
 */
async function checkRefresh(context: CheckContext) {
  const outcome = await testSignIn(context);
  if (isResult(outcome)) return inconclusive('notSignedIn');
  const { tokenSet } = outcome;
  if (tokenSet.refreshToken === undefined)
    return fail('noRefreshToken', { accessTokenSeconds: accessTokenSeconds(tokenSet) });
  return checkFirstRefresh(outcome, context.signal);
}

/** Checks that need a test sign-in at an OpenID Connect provider. */
export const openIdSignInChecks = [
  defineCheck({
    id: 'oidc.signIn',
    steps: ['openIdConnect.signIn'],
    owner: 'identityAdministrator',
    needs: ['oidcClient', 'testSignIn'],
    after: ['oidc.announced', 'oidc.client', 'oidc.redirectUris'],
    unlessFailed: ['oidc.metadata'],
    despite: { 'oidc.announced': ['codeNotAnnounced'] },
    waitsForPerson: true,
    run: checkSignIn,
    texts: (l10n) => ({ title: l10n.t('Test sign-in') }),
  }),
  defineCheck({
    id: 'oidc.idToken',
    steps: ['openIdConnect.signIn'],
    owner: 'identityAdministrator',
    needs: ['oidcClient', 'testSignIn'],
    after: ['oidc.keys', 'oidc.signIn'],
    beforehand: checkOpenIdScope,
    run: checkIdToken,
    texts: (l10n) => ({
      title: l10n.t('ID token'),
      results: {
        openidNotAsked: {
          found: l10n.t('The connection doesn’t request openid, so the account has no name.'),
          next: l10n.t('Add openid to the scopes of the connection.'),
        },
        noIdToken: {
          found: l10n.t('The sign-in returned no ID token that can be verified.'),
          next: l10n.t('Allow the scope openid for the application, and check the keys above.'),
        },
        nameMissing: {
          found: l10n.t('The ID token has neither preferred_username nor email.'),
          next: l10n.t('The account is shown by its ID. Add one of these claims to ID tokens for a name.'),
        },
      },
    }),
  }),
  defineCheck({
    id: 'oidc.refresh',
    steps: ['openIdConnect.signIn'],
    owner: 'identityAdministrator',
    needs: ['oidcClient', 'testSignIn'],
    after: ['oidc.signIn'],
    run: checkRefresh,
    texts: (l10n) => ({
      title: l10n.t('Refresh token'),
      results: {
        noRefreshToken: {
          found: l10n.t('The sign-in didn’t return a refresh token.'),
          next: l10n.t('Allow refresh tokens and the scope offline_access for the application.'),
        },
        refreshFailed: {
          found: l10n.t('The first refresh was refused.'),
          next: l10n.t('Allow the “refresh token” grant type for the application.'),
        },
      },
      evidence: firstRefreshEvidence(l10n),
    }),
  }),
];
