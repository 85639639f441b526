import type { HttpFetch } from '../../core/ports.ts';
import type { SsoOidc, SsoOidcAt } from '../../core/identityCenter/ssoOidc.ts';

/** The SSO-OIDC API of an endpoint. The AWS SDK is loaded on first use. */
export function createSsoOidcAt(http: HttpFetch): SsoOidcAt {
  return (endpoint) => {
    let opened: Promise<SsoOidc> | undefined;
    const open = () =>
      (opened ??= import('./awsSsoOidc.ts').then((adapter) => adapter.createSsoOidcAt(http)(endpoint)));
    return {
      registerClient: async (request, signal) => (await open()).registerClient(request, signal),
      startDeviceAuthorization: async (request, signal) =>
        (await open()).startDeviceAuthorization(request, signal),
      createToken: async (request, signal) => (await open()).createToken(request, signal),
    };
  };
}
