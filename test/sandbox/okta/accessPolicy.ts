import { errors, interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import type { Assignments } from './assignments.ts';
import { INVALID_STATE, NOT_ASSIGNED, POLICY_FAILED, SCOPE_NOT_CONFIGURED } from './oktaMessages.ts';
import { AUDIENCE, configuredScopes, type OktaSettings } from './settings.ts';

/**
 * What a request may ask for: only scopes that the access policy's rule lists.
 * @param scope the request's own parameter, space-separated
 * @returns the scopes to grant, each once
 * @throws {errors.OIDCProviderError} `invalid_scope` or `access_denied`, in Okta's words
 */
function allowedScopes(scope: string | undefined, settings: OktaSettings): readonly string[] {
  const asked = [...new Set(scope?.split(' ').filter(Boolean))];
  const configured = configuredScopes(settings);
  if (asked.length === 0 || asked.some((each) => !configured.includes(each))) {
    throw new errors.CustomOIDCProviderError('invalid_scope', SCOPE_NOT_CONFIGURED);
  }
  if (asked.some((each) => !settings.allowedScopes.includes(each))) {
    throw new errors.AccessDenied(POLICY_FAILED);
  }
  return asked.filter((each) => each !== 'offline_access' || settings.refreshTokens);
}

/**
 * Looks at a request for authorization after oidc-provider's own checks of it, where a refusal is redirected to the
 * client. oidc-provider calls validators of extra parameters at that moment, whether the parameter is there or not, and
 * lets them change the request.
 *
 * The scopes are read from the request as it came: oidc-provider has dropped `offline_access` by now, because it wants
 * `prompt=consent` for it, and what it has not been told of.
 */
export function checkRequest(settings: OktaSettings) {
  return (ctx: KoaContextWithOIDC): void => {
    const { params = {} } = ctx.oidc;
    const isBrowser = ctx.oidc.route === 'authorization';
    if (isBrowser && params['state'] === undefined) throw new errors.InvalidRequest(INVALID_STATE);
    const sent = ctx.method === 'POST' ? ctx.oidc.body?.['scope'] : ctx.query['scope'];
    params['scope'] = allowedScopes(typeof sent === 'string' ? sent : undefined, settings).join(' ');
  };
}

/**
 * When a person is asked: to sign in, where the person is signed out or `prompt=login` wants it, and for nothing else; Okta asks no
 * consent for scopes whose consent is *Implicit*. The person who is signed in then is held against the application's
 * assignments, and given a grant of its own for every authorization, so that two sign-ins of one browser are two
 * families of refresh tokens.
 */
export function interactions(assignments: Assignments): interactionPolicy.DefaultPolicy {
  const policy = interactionPolicy.base();
  const decide = new interactionPolicy.Check('access_policy', NOT_ASSIGNED, 'access_denied', async (ctx) => {
    await grantTo(ctx, assignments);
    return interactionPolicy.Check.NO_NEED_TO_PROMPT;
  });
  const consent = policy.get('consent');
  consent?.checks.clear();
  consent?.checks.add(decide);
  return policy;
}

/** @throws {errors.AccessDenied} when the application is not assigned to the person */
async function grantTo(ctx: KoaContextWithOIDC, assignments: Assignments): Promise<void> {
  const { account, client, grant, requestParamScopes, session } = ctx.oidc;
  if (!account || !client || !grant || !session) throw new Error('A grant needs a person and a client.');
  if (!assignments.isAssigned('oidc', account.accountId)) throw new errors.AccessDenied(NOT_ASSIGNED);
  grant.addOIDCScope(requestParamScopes);
  grant.addResourceScope(AUDIENCE, requestParamScopes);
  const grantId = await grant.save();
  session.ensureClientContainer(client.clientId);
  session.grantIdFor(client.clientId, grantId);
}
