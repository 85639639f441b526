import type { Connection } from '../../core/connection/connection.ts';

/** The sign-in commands: one for each type of connection, and AWS Builder ID, which is a connection of its own. */
export type SignInCommand = Connection['type'] | 'builderId';

/** What VS Code has to know of a provider at activation, and what the manifest has of it. The rest is loaded with `index.ts`. */
interface Registration {
  /** Of the authentication provider. */
  readonly id: string;
  /** Its name in the Accounts menu and in the manifest; the same in all languages. */
  readonly label: string;
  /** What it signs in to, for the status bar; the same in all languages. */
  readonly shortName: string;
  /** The commands that sign in, without `developerSignIn.`, and how {@link SignInCommand} calls them. */
  readonly commands: Readonly<Record<string, SignInCommand>>;
  /** Whether the AWS CLI can have a session of it too. */
  readonly sharesWithAwsCli?: true;
  /** Whether its tokens say who it is, unless they are opaque. */
  readonly tellsPerson?: true;
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
    tellsPerson: true,
  },
  oidc: {
    id: 'oidc',
    label: 'OpenID Connect',
    shortName: 'OpenID Connect',
    commands: { signInOidc: 'oidc' },
    tellsPerson: true,
  },
};

/** The types of connection, each with a provider of its own. */
export const providerTypes = Object.keys(registrations) as readonly Connection['type'][];

/** How connections of a type are registered with VS Code. */
export function registrationOf(type: Connection['type']): Registration {
  return registrations[type];
}
