import type { Connection } from '../../core/connection/connection.ts';

/** The sign-in commands: one for each type of connection, and AWS Builder ID, which is a connection of its own. */
export type SignInCommand = Connection['type'] | 'builderId';

/**
 * The provider data that VS Code needs at activation and that the manifest repeats. The rest is loaded with
 * `index.ts`.
 */
interface Registration {
  /** ID of the authentication provider. */
  readonly id: string;
  /** Label in the Accounts menu and in the manifest; the same in all languages. */
  readonly label: string;
  /** Short name for the status bar; the same in all languages. */
  readonly shortName: string;
  /** Its sign-in commands without `developerSignIn.`, with their {@link SignInCommand}. */
  readonly commands: Readonly<Record<string, SignInCommand>>;
  /** Whether its sessions can be shared with the AWS CLI. */
  readonly sharesWithAwsCli?: true;
  /** Whether its tokens identify the person, unless they are opaque. */
  readonly identifiesPerson?: true;
}

const registrations: Readonly<Record<Connection['type'], Registration>> = {
  identityCenter: {
    id: 'iam-identity-center',
    label: 'IAM Identity Center',
    shortName: 'AWS',
    commands: { signInIdentityCenter: 'identityCenter', signInBuilderId: 'builderId' },
    sharesWithAwsCli: true,
  },
  okta: {
    id: 'okta',
    label: 'Okta',
    shortName: 'Okta',
    commands: { signInOkta: 'okta' },
    identifiesPerson: true,
  },
  oidc: {
    id: 'oidc',
    label: 'OpenID Connect',
    shortName: 'OpenID Connect',
    commands: { signInOidc: 'oidc' },
    identifiesPerson: true,
  },
};

/** All connection types, each with a provider of its own. */
export const providerTypes = Object.keys(registrations) as readonly Connection['type'][];

/** The VS Code registration of a connection type. */
export function registrationOf(type: Connection['type']): Registration {
  return registrations[type];
}
