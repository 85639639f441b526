import { scopesOf } from '../../core/connection/connection.ts';
import { decodeAccessToken } from '../../core/oidc/accessToken.ts';
import { parseClientId, parseIssuer } from '../../input/issuer.ts';
import { defineCheck } from '../check.ts';
import type { CheckContext } from '../check.ts';
import type { Translator } from '../translator.ts';
import { fact, fail, inconclusive, isResult, pass, warn } from '../checkResult.ts';
import { testSignIn } from '../testSignIn.ts';
import { checkFirstRefresh, firstRefreshEvidence, offlineNotAsked } from './firstRefresh.ts';

/**
 * Verifies that the test sign-in does not fail with *not assigned*. Any other failure proves nothing about
 * assignments.
 */
async function checkAssignments(context: CheckContext) {
  const outcome = await testSignIn(context);
  if (!isResult(outcome)) return pass({ account: outcome.accountLabel });
  if (outcome.reason === 'notAssignedPage') return fail('notAssigned');
  const { kind, details } = outcome.error ?? {};
  if (kind === 'notAssigned') return fail('notAssigned', { words: details?.description });
  return outcome.state === 'fail' ? inconclusive('signInFailed', {}, outcome.error) : outcome;
}

/** Verifies that the test sign-in returns tokens. */
async function checkSignIn(context: CheckContext) {
  const outcome = await testSignIn(context);
  return isResult(outcome) ? outcome : pass({ account: outcome.accountLabel });
}

/**
 * Verifies the claims that *Token Preview* shows: `iss` has a value, `scp` equals the scopes, `cid` equals the
 * client ID.
 */
async function checkToken(context: CheckContext) {
  const { oktaClient: okta } = context.inputs;
  const outcome = await testSignIn(context);
  if (isResult(outcome) || okta === undefined) return inconclusive('notSignedIn');
  const { iss, scp, cid } = decodeAccessToken(outcome.tokenSet.accessToken);
  // Without a refresh token, its scope is missing too, which another check reports.
  const isWithout = outcome.tokenSet.refreshToken === undefined;
  const scopes = scopesOf(okta).filter((scope) => !isWithout || scope !== 'offline_access');
  const evidence = { claimedIssuer: iss, claimedScopes: scp, claimedClientId: cid };
  if (iss === undefined && scp === undefined) return inconclusive('opaqueToken');
  if (iss !== parseIssuer(okta.issuer)) return fail('issuerClaimDiffers', evidence);
  const granted = (scp ?? []).filter((scope) => !isWithout || scope !== 'offline_access');
  const isEqual = granted.length === scopes.length && scopes.every((scope) => granted.includes(scope));
  const isMissing = scopes.some((scope) => !granted.includes(scope));
  if (!isEqual && isMissing) return fail('scopesDiffer', { ...evidence, scopes });
  if (cid === parseClientId(okta.clientId) && !isEqual) return warn('scopesTooMany', { ...evidence, scopes });
  if (cid === undefined) return inconclusive('unclearAnswer', evidence);
  return cid === parseClientId(okta.clientId) ? pass(evidence) : fail('clientClaimDiffers', evidence);
}

/** A connection without the scope `offline_access` shows without a sign-in. */
async function checkOfflineAccess({ inputs: { oktaClient: okta } }: CheckContext) {
  const scopes = okta === undefined ? ['offline_access'] : scopesOf(okta);
  return scopes.includes('offline_access') ? undefined : fail('offlineNotAsked', { scopes });
}

/** Verifies that the application has the *Refresh Token* grant: the sign-in returned a refresh token. */
async function checkRefreshToken(context: CheckContext) {
  const notAsked = await checkOfflineAccess(context);
  if (notAsked !== undefined) return notAsked;
  const outcome = await testSignIn(context);
  if (isResult(outcome)) return inconclusive('notSignedIn');
  return outcome.tokenSet.refreshToken === undefined ? fail('noRefreshToken') : pass();
}

/** Verifies that a refresh works; reports the token's lifetime, and whether the refresh token rotates. */
async function checkLifetimes(context: CheckContext) {
  const outcome = await testSignIn(context);
  return isResult(outcome) ? inconclusive('notSignedIn') : checkFirstRefresh(outcome, context.signal);
}

const tokenPreview = (l10n: Translator) =>
  l10n.t('Okta Admin Console > Security > API > Authorization Servers > your server > Token Preview');

/** Results with which a sign-in can still have a registered redirect URI. */
const otherRedirectUris = ['redirectUrisMissing', 'redirectUrisNotKnown', 'couldNotAsk'];

/** Checks that need a test sign-in: assignments and tokens. */
export const oktaSignInChecks = [
  defineCheck({
    id: 'okta.assignments',
    steps: ['kiro.assignments'],
    owner: 'oktaAdministrator',
    page: 'oktaAssignments',
    needs: ['oktaClient', 'testSignIn'],
    after: ['okta.metadata', 'okta.announced', 'okta.clientId', 'okta.redirectUris', 'okta.scopes'],
    despite: { 'okta.redirectUris': otherRedirectUris },
    waitsForPerson: true,
    run: checkAssignments,
    texts: (l10n) => ({
      title: l10n.t('You’re assigned'),
      path: l10n.t(
        'Okta Admin Console > Applications > Applications > your OIDC application > Assignments; the same in your SAML application',
      ),
      results: {
        notAssigned: {
          found: l10n.t('You aren’t assigned to the OIDC application.'),
          next: l10n.t(
            'Assign the same people and groups to both applications: OIDC, which signs them in, and SAML, which provisions them through SCIM.',
          ),
        },
      },
    }),
  }),
  defineCheck({
    id: 'okta.signIn',
    steps: ['kiro.tokenPreview'],
    owner: 'oktaAdministrator',
    page: 'oktaAssignments',
    needs: ['oktaClient', 'testSignIn'],
    after: ['okta.metadata', 'okta.announced', 'okta.clientId', 'okta.redirectUris', 'okta.scopes'],
    despite: { 'okta.redirectUris': otherRedirectUris },
    unlessFailed: ['okta.assignments'],
    waitsForPerson: true,
    run: checkSignIn,
    // Assignments are made in the application, not where a token is previewed.
    texts: (l10n) => ({
      title: l10n.t('Test sign-in'),
      path: l10n.t('Okta Admin Console > Applications > Applications > your OIDC application > Assignments'),
    }),
  }),
  defineCheck({
    id: 'okta.token',
    steps: ['kiro.tokenPreview'],
    owner: 'oktaAdministrator',
    page: 'oktaAuthorizationServer',
    needs: ['oktaClient', 'testSignIn'],
    after: ['okta.signIn'],
    run: checkToken,
    texts: (l10n) => ({
      title: l10n.t('Issuer, scopes, and client in the token'),
      path: tokenPreview(l10n),
      results: {
        opaqueToken: {
          found: l10n.t('The token isn’t a JWT and can’t be read.'),
          next: l10n.t('Okta’s custom authorization servers issue JWTs. Check the issuer.'),
        },
        issuerClaimDiffers: (result) => ({
          found: l10n.t('The token is from another issuer: {0}.', fact(result, 'claimedIssuer')),
          next: l10n.t('Use that issuer in the editor and in the service’s profile.'),
        }),
        scopesDiffer: (result) => ({
          found: l10n.t('The token has the scopes {0}.', fact(result, 'claimedScopes')),
          next: l10n.t(
            'It must have exactly {0}. Check the rule and the application’s grant types.',
            fact(result, 'scopes'),
          ),
        }),
        scopesTooMany: (result) => ({
          found: l10n.t('The token has more scopes than requested: {0}.', fact(result, 'claimedScopes')),
          next: l10n.t('Enter only {0} in the rule.', fact(result, 'scopes')),
          value: fact(result, 'scopes'),
        }),
        clientClaimDiffers: (result) => ({
          found: l10n.t('The token was issued to another client: {0}.', fact(result, 'claimedClientId')),
          next: l10n.t('Compare the client ID here with the one in the service’s profile.'),
        }),
      },
      evidence: {
        claimedIssuer: l10n.t('Issuer in the token (iss)'),
        claimedScopes: l10n.t('Scopes in the token (scp)'),
        claimedClientId: l10n.t('Client in the token (cid)'),
      },
    }),
  }),
  defineCheck({
    id: 'okta.refreshToken',
    steps: ['kiro.oidcApp'],
    owner: 'oktaAdministrator',
    page: 'oktaApplication',
    needs: ['oktaClient', 'testSignIn'],
    after: ['okta.signIn'],
    beforehand: checkOfflineAccess,
    run: checkRefreshToken,
    texts: (l10n) => ({
      title: l10n.t('Refresh token'),
      path: l10n.t(
        'Okta Admin Console > Applications > Applications > your OIDC application > General > Grant type > Refresh Token',
      ),
      results: {
        offlineNotAsked: offlineNotAsked(l10n),
        noRefreshToken: {
          found: l10n.t('The sign-in didn’t return a refresh token.'),
          next: l10n.t('Select “Refresh Token” under Grant type, and add offline_access to the rule.'),
        },
      },
    }),
  }),
  defineCheck({
    id: 'okta.lifetimes',
    steps: ['kiro.tokenPreview'],
    owner: 'oktaAdministrator',
    page: 'oktaAuthorizationServer',
    needs: ['oktaClient', 'testSignIn'],
    after: ['okta.refreshToken'],
    run: checkLifetimes,
    texts: (l10n) => ({
      title: l10n.t('Lifetime and rotation'),
      path: l10n.t(
        'Okta Admin Console > Security > API > Authorization Servers > your server > Access Policies > your policy > your rule > Access token lifetime',
      ),
      results: {
        refreshFailed: {
          found: l10n.t('The first refresh was refused.'),
          next: l10n.t(
            'Select Refresh Token in the application, and check the refresh token lifetime in the rule.',
          ),
        },
      },
      evidence: firstRefreshEvidence(l10n),
    }),
  }),
];
