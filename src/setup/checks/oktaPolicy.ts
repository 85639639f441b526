import { scopesOf } from '../../core/connection/connection.ts';
import { orgServerIn } from '../../core/oidc/authorizationServerRecord.ts';
import { probeRedirectUri } from '../../core/oidc/redirectUriProbe.ts';
import type { AuthorizationAnswer } from '../../core/oidc/redirectUriProbe.ts';
import { defineCheck } from '../check.ts';
import type { CheckContext } from '../check.ts';
import type { Translator } from '../translator.ts';
import { fact, fail, inconclusive, pass } from '../checkResult.ts';

/** Scopes that every custom authorization server of Okta has, and that the guide's rule does not list. */
const scopesTooMany = ['openid', 'profile', 'email'] as const;

/** What the server says when it would go on with a person. */
const isWilling = ({ error }: AuthorizationAnswer): boolean =>
  error === undefined || error === 'login_required' || error === 'interaction_required';

/** The request with the connection's scopes is not refused. */
export async function checkScopes({ inputs, facts }: CheckContext) {
  const scopes = inputs.okta === undefined ? [] : scopesOf(inputs.okta);
  const answer = (await facts.redirectUris()).find((one) => one.answer.registration === 'registered')?.answer;
  if (answer === undefined) return inconclusive('noRedirectUri');
  const { error, description } = answer;
  const evidence = { scopes, code: error, words: description };
  if (isWilling(answer)) return pass({ scopes, answer: error });
  if (error === 'invalid_scope') {
    const { reason = 'scopesNotConfigured' } = orgServerIn(await facts.authorizationServer());
    return fail(reason, evidence);
  }
  return error === 'access_denied'
    ? fail('scopesRefused', evidence)
    : inconclusive('unclearAnswer', evidence);
}

/**
 * The rule is the narrow one: a request with a scope too many is refused. A server that refuses none of them may decide
 * only after a sign-in, so that is not known; one that takes some and refuses others has a rule that lists too much.
 */
export async function checkRule({ ports, inputs, facts, signal }: CheckContext) {
  const { okta } = inputs;
  const redirectUri = (await facts.redirectUris()).find(
    (one) => one.answer.registration === 'registered',
  )?.redirectUri;
  if (okta === undefined || redirectUri === undefined) return inconclusive('noRedirectUri');
  const server = await facts.authorizationServer();
  const own = scopesOf(okta);
  const answers = await Promise.all(
    scopesTooMany
      .filter((scope) => !own.includes(scope))
      .map(async (scope) => {
        const application = { server, clientId: okta.clientId, scopes: [...own, scope] };
        const answer = await probeRedirectUri(ports.http, application, redirectUri, signal);
        return { scope, answer };
      }),
  );
  const refused = answers.filter(({ answer }) => answer.error === 'access_denied');
  const taken = answers.filter(({ answer }) => answer.registration === 'registered' && isWilling(answer));
  const refusedScopes = refused.map(({ scope }) => scope);
  const scopes = taken.map(({ scope }) => scope);
  const words = refused[0]?.answer.description;
  if (refused.length === 0) return inconclusive('ruleNotSeen', { scopes });
  return taken.length === 0
    ? pass({ refusedScopes, words })
    : fail('ruleTooWide', { scopes, refusedScopes, words });
}

const noRedirectUri = (l10n: Translator) => ({
  found: l10n.t('No redirect URI is registered, so the server cannot be asked.'),
  next: l10n.t('Register the redirect URIs first.'),
});

/** Scopes, and the rule of the access policy. */
export const oktaPolicyChecks = [
  defineCheck({
    id: 'okta.scopes',
    steps: ['kiro.scopes'],
    owner: 'oktaAdministrator',
    needs: ['okta'],
    after: ['okta.clientId'],
    run: checkScopes,
    texts: (l10n) => ({
      title: l10n.t('The scopes are granted'),
      path: l10n.t('Okta Admin Console > Security > API > Authorization Servers > your server > Scopes'),
      results: {
        noRedirectUri: noRedirectUri(l10n),
        scopesNotConfigured: (result) => ({
          found: l10n.t('The authorization server lacks one of the scopes {0}.', fact(result, 'scopes')),
          next: l10n.t('Add it under Scopes, with Implicit user consent, spelled exactly so.'),
        }),
        orgServer: (result) => ({
          found: l10n.t(
            'This issuer is the org authorization server, which cannot have the scopes {0}.',
            fact(result, 'scopes'),
          ),
          next: l10n.t('Use the issuer of a custom authorization server. It ends in /oauth2/ and an ID.'),
        }),
        scopesRefused: (result) => ({
          found: l10n.t('The access policy refuses the scopes {0}.', fact(result, 'scopes')),
          next: l10n.t(
            'List exactly these scopes in the rule, and check that the policy is assigned to the OIDC application.',
          ),
        }),
      },
    }),
  }),
  defineCheck({
    id: 'okta.rule',
    steps: ['kiro.accessPolicy'],
    owner: 'oktaAdministrator',
    needs: ['okta'],
    after: ['okta.scopes'],
    run: checkRule,
    texts: (l10n) => ({
      title: l10n.t('No other scope is granted'),
      path: l10n.t(
        'Okta Admin Console > Security > API > Authorization Servers > your server > Access Policies > your policy > your rule > Scopes requested',
      ),
      results: {
        noRedirectUri: noRedirectUri(l10n),
        ruleTooWide: (result) => ({
          found: l10n.t('The rule also grants {0}.', fact(result, 'scopes')),
          next: l10n.t('Choose “The following scopes” in the rule, and list only the scopes of the guide.'),
        }),
        ruleNotSeen: {
          found: l10n.t(
            'The server refused no scope before somebody signed in, so the rule cannot be seen from here.',
          ),
          next: l10n.t(
            'Look at the rule: it must say “The following scopes”, with the scopes of the guide and no other.',
          ),
        },
      },
      evidence: { refusedScopes: l10n.t('Scopes that were refused, as they should be') },
    }),
  }),
];
