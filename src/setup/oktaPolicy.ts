import { scopesOf } from '../core/connection/connection.ts';
import { orgServerIn } from '../core/oidc/authorizationServerRecord.ts';
import { probeRedirectUri } from '../core/oidc/redirectUriProbe.ts';
import type { AuthorizationAnswer } from '../core/oidc/redirectUriProbe.ts';
import type { CheckContext } from './check.ts';
import { fail, inconclusive, pass } from './checkResult.ts';
import type { CheckResult } from './checkResult.ts';

/** Scopes that every custom authorization server of Okta has, and that the guide's rule does not list. */
const scopesTooMany = ['openid', 'profile', 'email'] as const;

/** What the server says when it would go on with a person. */
const isWilling = ({ error }: AuthorizationAnswer): boolean =>
  error === undefined || error === 'login_required' || error === 'interaction_required';

/** The request with the connection's scopes is not refused. */
export async function checkScopes({ inputs, facts }: CheckContext): Promise<CheckResult> {
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
export async function checkRule({ ports, inputs, facts, signal }: CheckContext): Promise<CheckResult> {
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
