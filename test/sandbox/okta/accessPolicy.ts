import { errors, interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import type { Assignments } from './assignments.ts';
import { INVALID_STATE, NOT_ASSIGNED, POLICY_FAILED, SCOPE_NOT_CONFIGURED } from './oktaMessages.ts';
import { AUDIENCE, configuredScopes, type OktaSettings } from './settings.ts';

/**
 * Filters requested scopes: the access policy's rule must list them.
 * @param scope the request's own parameter, space-separated
 * @returns the scopes to grant, without duplicates
 * @throws {errors.OIDCProviderError} `invalid_scope` or `access_denied`, with Okta's message
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
 * Validates an authorization request after oidc-provider's own checks, when an error is still redirected to the
 * client. At that moment oidc-provider calls the validators of extra parameters, even for missing parameters, and
 * they may change the request.
 *
 * Reads the scopes from the original request: oidc-provider has dropped unknown ones and `offline_access`,
 * because it requires `prompt=consent` for the latter.
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
 * When to prompt the user: only for a sign-in, if signed out or if `prompt=login` demands it. Okta does not ask
 * for consent to scopes with *Implicit* consent. The signed-in user is then checked against the application's
 * assignments. Each authorization gets a separate grant, so two sign-ins in one browser have separate families of
 * refresh tokens.
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

/** @throws {errors.AccessDenied} if the application is not assigned to the user */
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
