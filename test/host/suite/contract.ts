/** Names that users depend on, repeated here so that a change fails a test. */

export const EXTENSION_ID = 'developer-sign-in.developer-sign-in';

export const COMMANDS = [
  'signIn',
  'signInIdentityCenter',
  'signInBuilderId',
  'signInOkta',
  'signInOidc',
  'switchAccount',
  'signOut',
  'showStatus',
  'refresh',
  'describeSession',
  'checkSetup',
  'checkPerson',
  'manageConnections',
  'copyConnectionLink',
  'copyRedirectUris',
  'copyDiagnostics',
  'shareWithAwsCli',
  'useInTerminal',
  'useAwsAccount',
  'openAwsConsole',
  'token',
  'showLog',
].map((name) => `developerSignIn.${name}`);

/** For other extensions, and for task inputs. */
export const NOT_IN_PALETTE = ['describeSession', 'token'].map((name) => `developerSignIn.${name}`);

export const PROVIDERS = [
  { id: 'iam-identity-center', label: 'IAM Identity Center' },
  { id: 'okta', label: 'Okta' },
  { id: 'oidc', label: 'OpenID Connect' },
] as const;

export const REDIRECT_PORTS = [2128, 4649, 6588, 8008, 9091, 49153, 50153, 51153, 52153, 53153];

/** Name -> default. */
export const SETTINGS: Readonly<Record<string, unknown>> = {
  'developerSignIn.connections': [],
  'developerSignIn.identityCenter.flow': 'deviceCode',
  'developerSignIn.identityCenter.endpoint': '',
  'developerSignIn.identityCenter.portalEndpoint': '',
  'developerSignIn.gitHosts': {},
  'developerSignIn.okta.redirectPorts': REDIRECT_PORTS,
};

/** Settings that decide where credentials are sent, which must not sync between machines. */
export const NOT_SYNCHRONIZED = [
  'developerSignIn.identityCenter.endpoint',
  'developerSignIn.identityCenter.portalEndpoint',
  'developerSignIn.gitHosts',
];
