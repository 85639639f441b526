import { createFaults, type Faults } from './faults.ts';
import {
  type IdentityCenterOptions,
  type IdentityCenterStandIn,
  startIdentityCenter,
} from './identityCenter/identityCenter.ts';
import { type OktaOptions, type OktaOrganization, startOkta } from './okta/organization.ts';
import { type OidcProvider, startOidcProvider } from './oidc/provider.ts';
import { type ExampleOptions, exampleSettings } from './oidc/settings.ts';
import { people, type Person } from './people.ts';
import type { PreferredPlace } from './server.ts';
import { createRequestLog, type RequestLog } from './requestLog.ts';
import { createSecretsSeen, type SecretsSeen } from './secretsSeen.ts';

/** Sandbox settings; defaults suit a new user. */
export interface SandboxOptions {
  /** Epoch milliseconds; the machine's clock by default. */
  readonly now?: () => number;
  readonly okta?: Partial<OktaOptions>;
  readonly identityCenter?: Partial<IdentityCenterOptions>;
  /** Settings of an additional OpenID Connect provider, which is started only if given. */
  readonly openIdConnect?: ExampleOptions & { readonly place?: PreferredPlace };
}

/** The values needed to sign in to a running sandbox. */
export interface SandboxDescription {
  readonly okta: Pick<OktaOrganization, 'issuer' | 'clientId' | 'protectedUrl'> & {
    readonly metadataUri: string;
  };
  readonly identityCenter: Pick<
    IdentityCenterStandIn,
    | 'startUrl'
    | 'region'
    | 'endpoint'
    | 'portalEndpoint'
    | 'builderIdStartUrl'
    | 'otherStartUrls'
    | 'protectedUrl'
  >;
  /** Absent if the sandbox does not have one. */
  readonly openIdConnect?: {
    readonly issuer: string;
    readonly metadataUri: string;
    readonly clientId: string;
  };
  readonly people: readonly Pick<Person, 'username' | 'password' | 'name' | 'note'>[];
}

/** The identity providers, with shared users, faults and request log; the caller closes it. */
export interface Sandbox {
  readonly okta: OktaOrganization;
  readonly identityCenter: IdentityCenterStandIn;
  readonly openIdConnect?: OidcProvider;
  readonly people: readonly Person[];
  readonly faults: Faults;
  readonly requestLog: RequestLog;
  readonly secretsSeen: SecretsSeen;
  describe(): SandboxDescription;
  close(): Promise<void>;
}

/** Starts the identity providers on free loopback ports. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const now = options.now ?? Date.now;
  const faults = createFaults();
  const requestLog = createRequestLog(now);
  const secretsSeen = createSecretsSeen();
  const shared = { people, faults, requestLog, secretsSeen, now };

  await using started = new AsyncDisposableStack();
  const okta = started.adopt(await startOkta({ ...shared, ...options.okta }), (one) => one.close());
  const identityCenter = started.adopt(
    await startIdentityCenter({ ...shared, ...options.identityCenter }),
    (one) => one.close(),
  );
  const { place, ...settings } = options.openIdConnect ?? {};
  const openIdConnect =
    options.openIdConnect === undefined
      ? undefined
      : started.adopt(await startOidcProvider(exampleSettings(settings), place, secretsSeen.watch), (one) =>
          one.close(),
        );
  const all = started.move();

  return {
    okta,
    identityCenter,
    ...(openIdConnect === undefined ? {} : { openIdConnect }),
    people,
    faults,
    requestLog,
    secretsSeen,
    describe: () => describeSandbox(okta, identityCenter, openIdConnect),
    close: () => all.disposeAsync(),
  };
}

function describeSandbox(
  okta: OktaOrganization,
  identityCenter: IdentityCenterStandIn,
  openIdConnect: OidcProvider | undefined,
): SandboxDescription {
  const { issuer, clientId } = okta;
  const { startUrl, region, endpoint, portalEndpoint, builderIdStartUrl, otherStartUrls } = identityCenter;
  return {
    okta: {
      issuer,
      metadataUri: `${issuer}/.well-known/oauth-authorization-server`,
      clientId,
      protectedUrl: okta.protectedUrl,
    },
    identityCenter: {
      startUrl,
      region,
      endpoint,
      portalEndpoint,
      builderIdStartUrl,
      otherStartUrls,
      protectedUrl: identityCenter.protectedUrl,
    },
    ...(openIdConnect === undefined
      ? {}
      : {
          openIdConnect: {
            issuer: openIdConnect.issuer,
            metadataUri: `${openIdConnect.issuer}/.well-known/openid-configuration`,
            clientId: openIdConnect.clientId,
          },
        }),
    people: people.map(({ username, password, name, note }) => ({ username, password, name, note })),
  };
}
