import { findSignInError } from '../core/oauth/errors.ts';
import type { AuthorizationServer } from '../core/oidc/authorizationServerRecord.ts';
import { checkMetadata } from '../core/oidc/discovery.ts';
import type { MetadataStyle, NamedMetadata } from '../core/oidc/discovery.ts';
import type { IsSameOrganization } from '../core/ports.ts';

/** Demands on a sign-in in the metadata, each with the value that a sign-in can meet. */
const signInDemands = {
  code_challenge_methods_supported: ['S256'],
  require_pushed_authorization_requests: false,
  require_signed_request_object: false,
};

/**
 * The endpoints in an issuer's metadata, also where a sign-in would stop at its name or demands: other checks report
 * those, and the application can still be checked. Endpoints must be the typed issuer's own. Rejects as `checkMetadata`.
 */
export async function usableServer(
  issuer: string,
  document: NamedMetadata,
  isSameOrganization: IsSameOrganization,
  style: MetadataStyle,
): Promise<AuthorizationServer> {
  const check = async (metadata: NamedMetadata): Promise<AuthorizationServer> =>
    checkMetadata(issuer, metadata, isSameOrganization, style);
  return check(document).catch(async (error: unknown) => {
    const { reason = '' } = findSignInError(error)?.details ?? {};
    if (!['issuer', 'noS256', 'par', 'jar'].includes(reason)) throw error;
    return check({ ...document, ...signInDemands, ...(reason === 'issuer' ? { issuer } : {}) });
  });
}
