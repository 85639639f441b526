import { opaque } from './opaque.ts';

/** The user and the role of temporary credentials in an AWS account. */
export interface RoleHolder {
  readonly accountId: string;
  readonly roleName: string;
  readonly username: string;
}

/** Credentials as the access portal returns them; `expiration` is epoch milliseconds. */
export interface RoleCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: number;
}

/** Credentials issued by the access portal, for the services that accept them. */
export interface IssuedRoleCredentials {
  issue(holder: RoleHolder): RoleCredentials;
  /** Undefined also for expired credentials. */
  withSessionToken(
    token: string,
  ): { readonly holder: RoleHolder; readonly credentials: RoleCredentials } | undefined;
}

const LIFETIME_MS = 3600_000;

export function createRoleCredentials(now: () => number): IssuedRoleCredentials {
  const issued = new Map<string, { readonly holder: RoleHolder; readonly credentials: RoleCredentials }>();
  return {
    issue(holder) {
      const credentials = {
        accessKeyId: `ASIA${holder.accountId}${holder.roleName.slice(0, 4).toUpperCase()}`,
        secretAccessKey: opaque(),
        sessionToken: opaque(),
        expiration: now() + LIFETIME_MS,
      };
      issued.set(credentials.sessionToken, { holder, credentials });
      return credentials;
    },
    withSessionToken(token) {
      const found = issued.get(token);
      return found !== undefined && now() < found.credentials.expiration ? found : undefined;
    },
  };
}
