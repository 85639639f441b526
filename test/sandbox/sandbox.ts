import { createFaults, type Faults } from './faults.ts';
import {
  type IdentityCenterOptions,
  type IdentityCenterStandIn,
  startIdentityCenter,
} from './identityCenter/identityCenter.ts';
import { type OktaOptions, type OktaOrganization, startOkta } from './okta/organization.ts';
import { people, type Person } from './people.ts';
import { createRequestLog, type RequestLog } from './requestLog.ts';
import { createSecretsSeen, type SecretsSeen } from './secretsSeen.ts';

/** Settings of a sandbox; all that is left out is as for a newcomer. */
export interface SandboxOptions {
  /** Epoch milliseconds; the machine's clock unless given. */
  readonly now?: () => number;
  readonly okta?: Partial<OktaOptions>;
  readonly identityCenter?: Partial<IdentityCenterOptions>;
}

/** What a person or a program must know to sign in to a running sandbox. */
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
  readonly people: readonly Pick<Person, 'username' | 'password' | 'name' | 'note'>[];
}

/** Both identity providers, with one set of people, faults and request log; the caller closes it. */
export interface Sandbox {
  readonly okta: OktaOrganization;
  readonly identityCenter: IdentityCenterStandIn;
  readonly people: readonly Person[];
  readonly faults: Faults;
  readonly requestLog: RequestLog;
  readonly secretsSeen: SecretsSeen;
  describe(): SandboxDescription;
  close(): Promise<void>;
}

/** Starts both identity providers on loopback addresses and free ports. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const now = options.now ?? Date.now;
  const faults = createFaults();
  const requestLog = createRequestLog(now);
  const secretsSeen = createSecretsSeen();
  const shared = { people, faults, requestLog, secretsSeen, now };

  const okta = await startOkta({ ...shared, ...options.okta });
  let identityCenter: IdentityCenterStandIn;
  try {
    identityCenter = await startIdentityCenter({ ...shared, ...options.identityCenter });
  } catch (error) {
    await okta.close();
    throw error;
  }

  return {
    okta,
    identityCenter,
    people,
    faults,
    requestLog,
    secretsSeen,
    describe: () => describeSandbox(okta, identityCenter),
    async close() {
      await Promise.all([okta.close(), identityCenter.close()]);
    },
  };
}

function describeSandbox(okta: OktaOrganization, identityCenter: IdentityCenterStandIn): SandboxDescription {
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
    people: people.map(({ username, password, name, note }) => ({ username, password, name, note })),
  };
}
