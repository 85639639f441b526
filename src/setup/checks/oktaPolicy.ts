import * as v from 'valibot';
import { defaultScopesOf, scopesOf } from '../../core/connection/connection.ts';
import { orgServerReason } from '../../core/oidc/authorizationServerRecord.ts';
import { probeRedirectUri } from '../../core/oidc/redirectUri.ts';
import type { AuthorizationProbe } from '../../core/oidc/redirectUri.ts';
import { defineCheck } from '../check.ts';
import type { CheckContext } from '../check.ts';
import type { Translator } from '../translator.ts';
import { fact, fail, inconclusive, isResult, pass, warn } from '../checkResult.ts';
import { limitConcurrency } from '../concurrency.ts';

/**
 * Well-known scopes that the guide's rule does not list: those of every custom authorization server of Okta,
 * and of AWS's service. Scopes from the metadata are added.
 */
const otherScopes = [
  ...['openid', 'profile', 'email', 'address', 'phone', 'device_sso', 'groups'],
  ...['codewhisperer:analysis', 'codewhisperer:transformations', 'codewhisperer:taskassist'],
];
/** Limit of scopes, since each needs a request. */
const maxScopes = 14;

/** Whether the server would continue with a sign-in. */
const isAccepted = ({ registration, error }: AuthorizationProbe): boolean =>
  registration === 'registered' &&
  (error === undefined || error === 'login_required' || error === 'interaction_required');

/** Creates a function that requests the connection's scopes, and possibly one more, at a registered redirect URI. */
async function asker({ ports, inputs, lookups, signal }: CheckContext) {
  const { oktaClient: okta } = inputs;
  const answers = await lookups.redirectUris();
  const registered = await lookups.registeredUri();
  if (registered === undefined && answers.some(({ answer }) => answer.wrongParameter === 'client_id'))
    return inconclusive('blocked', { blockedBy: ['okta.clientId'] });
  if (okta === undefined || registered === undefined)
    return answers.some(({ answer }) => answer.registration === 'notKnown')
      ? inconclusive('blocked', { blockedBy: ['okta.redirectUris'] })
      : inconclusive('noRedirectUri');
  const server = await lookups.authorizationServer();
  const scopes = scopesOf(okta);
  const ask = async (scope: string): Promise<AuthorizationProbe> => {
    const application = { server, clientId: okta.clientId, scopes: [...scopes, scope] };
    return probeRedirectUri(ports.http, application, registered.redirectUri, signal);
  };
  return { scopes, answer: registered.answer, ask };
}

/**
 * Verifies that the server has the connection's scopes, since it would refuse unknown ones. It may apply the
 * access policy's rule only after a sign-in.
 */
export async function checkScopes(context: CheckContext) {
  const asked = await asker(context);
  if (isResult(asked)) return asked;
  const { scopes, answer } = asked;
  const { error, description } = answer;
  const evidence = { scopes, code: error, words: description };
  if (isAccepted(answer)) {
    const other = await context.lookups.madeUpScope();
    if (other?.failure !== undefined) return inconclusive('couldNotAsk', { scopes }, other.failure);
    if (other?.registration !== 'registered')
      return inconclusive('unclearAnswer', { scopes, status: other?.status });
    return isAccepted(other)
      ? inconclusive('scopesNotShown', { scopes, answer: error })
      : pass({ scopes, answer: error });
  }
  if (error === 'invalid_scope') {
    const { reason = 'scopesNotConfigured' } = orgServerReason(await context.lookups.authorizationServer());
    return fail(reason, evidence);
  }
  return error === 'access_denied'
    ? fail('scopesRefused', evidence)
    : inconclusive('unclearAnswer', evidence);
}

/**
 * Verifies that the rule is narrow: a request with one scope too many must be refused. A server that refuses
 * none may decide after the sign-in, or its rule says *Any scopes*; one that refuses only some has a rule with
 * too many scopes. Every scope must get an answer.
 */
export async function checkRule(context: CheckContext) {
  const asked = await asker(context);
  if (isResult(asked)) return asked;
  const published = v.safeParse(
    publishedSchema,
    (await context.lookups.metadata()).find(({ document }) => document !== undefined)?.document,
  );
  const madeUp = await context.lookups.madeUpScope();
  if (madeUp !== undefined && isAccepted(madeUp)) return inconclusive('scopesNotShown');
  const ofGuide = [...asked.scopes, ...defaultScopesOf('okta')];
  const named = [...otherScopes, ...(published.success ? published.output.scopes_supported : [])];
  const tried = [...new Set(named)].filter((scope) => !ofGuide.includes(scope)).slice(0, maxScopes);
  const limited = limitConcurrency(4);
  const answers = await Promise.all(
    tried.map(async (scope) => ({ scope, answer: await limited(() => asked.ask(scope)) })),
  );
  const refused = answers.filter(({ answer }) => answer.error === 'access_denied');
  const taken = answers.filter(({ answer }) => isAccepted(answer));
  const failure = answers.map(({ answer }) => answer.failure).find((one) => one !== undefined);
  const refusedScopes = refused.map(({ scope }) => scope);
  const scopes = taken.map(({ scope }) => scope);
  const words = refused[0]?.answer.description;
  if (refused.length > 0 && taken.length > 0) return warn('ruleTooWide', { scopes, refusedScopes, words });
  if (failure !== undefined) return inconclusive('couldNotAsk', { scopes, refusedScopes }, failure);
  const unclear = answers.find(
    ({ answer }) => !isAccepted(answer) && !['access_denied', 'invalid_scope'].includes(answer.error ?? ''),
  );
  if (unclear !== undefined) {
    const { status, error: code, description } = unclear.answer;
    return inconclusive('unclearAnswer', { scopes, refusedScopes, status, code, words: description });
  }
  if (refused.length > 0) return pass({ refusedScopes, words });
  return taken.length > 0 ? inconclusive('anyScopes', { scopes }) : inconclusive('ruleNotSeen');
}

const publishedSchema = v.object({
  scopes_supported: v.array(v.pipe(v.string(), v.regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,100}$/))),
});

const scopesNotShown = (l10n: Translator) => ({
  found: l10n.t('Okta checks the scopes only after a sign-in.'),
  next: l10n.t('Run the check with a test sign-in: the token shows what was granted.'),
});
const noRedirectUri = (l10n: Translator) => ({
  found: l10n.t('No redirect URI is registered, so the server can’t be checked.'),
  next: l10n.t('Register the redirect URIs first.'),
});

/** Checks of scopes and of the access policy's rule. */
export const oktaPolicyChecks = [
  defineCheck({
    id: 'okta.scopes',
    steps: ['kiro.scopes'],
    owner: 'oktaAdministrator',
    page: 'oktaAuthorizationServer',
    needs: ['oktaClient'],
    after: ['okta.clientId'],
    despite: { 'okta.clientId': ['dpopRequired'] },
    run: checkScopes,
    texts: (l10n) => ({
      title: l10n.t('The authorization server has the scopes'),
      path: l10n.t('Okta Admin Console > Security > API > Authorization Servers > your server > Scopes'),
      results: {
        noRedirectUri: noRedirectUri(l10n),
        scopesNotShown: scopesNotShown(l10n),
        scopesNotConfigured: (result) => ({
          found: l10n.t('The authorization server is missing one of the scopes {0}.', fact(result, 'scopes')),
          next: l10n.t('Add it under Scopes with Implicit user consent, spelled exactly like this.'),
        }),
        orgServer: {
          found: l10n.t('This is the org authorization server, which can’t have the scopes in the guide.'),
          next: l10n.t('Use the issuer of a custom authorization server. It ends in /oauth2/ and an ID.'),
        },
        scopesRefused: (result) => ({
          found: l10n.t('The access policy refused the scopes {0}.', fact(result, 'scopes')),
          next: l10n.t(
            'Enter exactly these scopes in the rule, and assign the policy to the OIDC application.',
          ),
        }),
      },
    }),
  }),
  defineCheck({
    id: 'okta.rule',
    steps: ['kiro.accessPolicy'],
    owner: 'oktaAdministrator',
    page: 'oktaAuthorizationServer',
    needs: ['oktaClient'],
    after: ['okta.scopes'],
    run: checkRule,
    texts: (l10n) => ({
      title: l10n.t('The rule refuses other scopes'),
      path: l10n.t(
        'Okta Admin Console > Security > API > Authorization Servers > your server > Access Policies > your policy > your rule > Scopes requested',
      ),
      results: {
        noRedirectUri: noRedirectUri(l10n),
        scopesNotShown: scopesNotShown(l10n),
        ruleTooWide: (result) => ({
          found: l10n.t('The rule also grants {0}. Sign-in still works.', fact(result, 'scopes')),
          next: l10n.t('Select “The following scopes” in the rule, and enter only the scopes in the guide.'),
        }),
        anyScopes: (result) => ({
          found: l10n.t(
            'Okta accepted every other scope that was tried ({0}). The rule may be set to “Any scopes”, which is the default.',
            fact(result, 'scopes'),
          ),
          next: l10n.t('Select “The following scopes” in the rule, and enter only the scopes in the guide.'),
        }),
        ruleNotSeen: {
          found: l10n.t('Okta refused the other scopes, but not because of the rule.'),
          next: l10n.t(
            'Check the rule. It must be set to “The following scopes”, with only the scopes in the guide.',
          ),
        },
      },
      evidence: { refusedScopes: l10n.t('Scopes tried and refused') },
    }),
  }),
];
