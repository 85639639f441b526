import { SignInError } from '../../core/oauth/errors.ts';
import type { HttpFetch } from '../../core/ports.ts';

/**
 * Ends the user's session at the access portal (the `Logout` operation of the AWS SSO Portal API).
 * @throws SignInError `invalidResponse` when the portal did not confirm it, or as the transport fails
 */
export function createPortalLogout(http: HttpFetch) {
  return async (portal: string, accessToken: string, signal: AbortSignal): Promise<void> => {
    const response = await http(`${portal}/logout`, {
      method: 'POST',
      headers: { 'x-amz-sso_bearer_token': accessToken, accept: 'application/json' },
      signal,
    });
    if (!response.ok) {
      throw new SignInError('invalidResponse', {
        operation: 'logout',
        host: new URL(portal).host,
        status: response.status,
      });
    }
  };
}
