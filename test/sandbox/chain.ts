import type { FederatedInstance } from './identityCenter/federation.ts';
import { oktaIdOf } from './okta/api/managementApi.ts';
import { createProvisioning, type Provisioning } from './okta/provisioning.ts';
import type { SamlApplication } from './okta/saml/samlApplication.ts';
import { type Group, groups } from './people.ts';
import { type Sandbox, type SandboxDescription, type SandboxOptions, startSandbox } from './sandbox.ts';

export interface ChainOptions extends SandboxOptions {
  /** Expiry of Okta's signing certificate, epoch milliseconds; ten years from now by default. */
  readonly samlCertificateEndsAt?: number;
}

/** The values that an administrator has copied or saved after following the setup guides. */
export interface ChainDescription extends SandboxDescription {
  readonly okta: SandboxDescription['okta'] & {
    /** The saved *View IdP metadata* document. */
    readonly saml: { readonly metadataUrl: string; readonly metadataXml: string };
  };
  readonly identityCenter: SandboxDescription['identityCenter'] & {
    readonly federated: {
      readonly startUrl: string;
      readonly region: string;
      /** The endpoint without its trailing slash, and its access token. */
      readonly scim: { readonly endpoint: string; readonly token: string };
      readonly saml: { readonly acsUrl: string; readonly issuerUrl: string };
    };
  };
  readonly groups: readonly Group[];
}

/**
 * A sandbox whose two sides are connected as in the setup guides: Okta provisions users and groups to IAM
 * Identity Center over SCIM, and IAM Identity Center sends users to Okta to sign in over SAML.
 */
export interface Chain extends Sandbox {
  readonly samlApplication: SamlApplication;
  readonly provisioning: Provisioning;
  readonly federated: FederatedInstance;
  /** Does to a provisioned user what *Disable user access* does in IAM Identity Center. */
  deactivate(username: string): void;
  describe(): ChainDescription;
}

/** The only sandbox user whose access is disabled in IAM Identity Center. */
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

/** The steps of the guide, in order. */
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
