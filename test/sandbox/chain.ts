import type { FederatedInstance } from './identityCenter/federation.ts';
import { oktaIdOf } from './okta/api/managementApi.ts';
import { createProvisioning, type Provisioning } from './okta/provisioning.ts';
import type { SamlApplication } from './okta/saml/samlApplication.ts';
import { type Group, groups } from './people.ts';
import { type Sandbox, type SandboxDescription, type SandboxOptions, startSandbox } from './sandbox.ts';

export interface ChainOptions extends SandboxOptions {
  /** When Okta's signing certificate ends, epoch milliseconds; ten years from now unless given. */
  readonly samlCertificateEndsAt?: number;
}

/** What an administrator who goes through the setup guides has on the screen, or in files, at the end. */
export interface ChainDescription extends SandboxDescription {
  readonly okta: SandboxDescription['okta'] & {
    /** *View IdP metadata*. */
    readonly saml: { readonly metadataUrl: string; readonly metadataXml: string };
  };
  readonly identityCenter: SandboxDescription['identityCenter'] & {
    readonly federated: {
      readonly startUrl: string;
      readonly region: string;
      /** The endpoint without the slash at its end, and its access token. */
      readonly scim: { readonly endpoint: string; readonly token: string };
      readonly saml: { readonly acsUrl: string; readonly issuerUrl: string };
    };
  };
  readonly groups: readonly Group[];
}

/**
 * A sandbox whose two sides are connected as the setup guides say: Okta provisions people and groups to IAM Identity
 * Center by SCIM, and IAM Identity Center sends them to Okta to sign in, by SAML.
 */
export interface Chain extends Sandbox {
  readonly samlApplication: SamlApplication;
  readonly provisioning: Provisioning;
  readonly federated: FederatedInstance;
  /** What *Disable user access* in IAM Identity Center does to a provisioned person. */
  deactivate(username: string): void;
  describe(): ChainDescription;
}

/** The only person of the sandbox whose access is disabled in IAM Identity Center. */
const DEACTIVATED = 'eli@example.com';

export async function startChain(options: ChainOptions = {}): Promise<Chain> {
  const sandbox = await startSandbox(options);
  try {
    return await connect(sandbox, options.samlCertificateEndsAt);
  } catch (error) {
    await sandbox.close();
    throw error;
  }
}

/** The steps of the guide, in its order. */
async function connect(sandbox: Sandbox, certificateEndsAt: number | undefined): Promise<Chain> {
  const { okta, identityCenter, people } = sandbox;
  const samlApplication = await okta.addSamlApplication(certificateEndsAt);
  const federated = await identityCenter.changeIdentitySource(samlApplication.metadata());
  samlApplication.configure({ acsUrl: federated.acsUrl, audience: federated.issuerUrl });
  for (const application of okta.management.resources.saml)
    if (application['name'] === 'amazon_aws_sso')
      application['settings'] = { app: { acsURL: federated.acsUrl, entityID: federated.issuerUrl } };

  const provisioning = createProvisioning({ people, groups, assignments: okta.assignments });
  const endpoint = federated.scim.endpoint.replace(/\/$/, '');
  provisioning.configure({ baseUrl: endpoint, apiToken: federated.scim.token() });
  await provisioning.run();
  const { resources } = okta.management;
  resources.users = federated.store.users().map(({ id, userName }) => ({
    id: oktaIdOf(userName),
    externalId: id,
    scope: 'GROUP',
    status: 'PROVISIONED',
    syncState: 'SYNCHRONIZED',
    lastSync: '2026-01-01T00:00:00.000Z',
    credentials: { userName },
  }));
  resources.scimUsers = structuredClone(resources.users);
  resources.members = resources.users.map(({ id }) => String(id));
  okta.management.signsWith = () => /X509Certificate>([^<]+)</.exec(samlApplication.metadata())?.[1] ?? '';
  for (const { displayName } of groups) federated.entitledGroups.add(displayName);
  okta.serviceIsFor((username) => federated.isEntitled(username));

  const deactivate = (username: string): void => {
    const user = federated.store.userNamed(username);
    if (user === undefined) throw new Error(`No provisioned user is called ${username}.`);
    federated.store.saveUser(user.id, { ...user.attributes, active: false });
  };
  deactivate(DEACTIVATED);

  return {
    ...sandbox,
    samlApplication,
    provisioning,
    federated,
    deactivate,
    describe() {
      const described = sandbox.describe();
      const { startUrl, region, acsUrl, issuerUrl, scim } = federated;
      const saml = { metadataUrl: samlApplication.metadataUrl, metadataXml: samlApplication.metadata() };
      return {
        ...described,
        okta: { ...described.okta, saml },
        identityCenter: {
          ...described.identityCenter,
          federated: {
            startUrl,
            region,
            scim: { endpoint, token: scim.token() },
            saml: { acsUrl, issuerUrl },
          },
        },
        groups,
      };
    },
  };
}
