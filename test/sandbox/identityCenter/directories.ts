/** An Identity Center directory: its start URLs, and the only Region that knows it. */
export interface Directory {
  readonly startUrl: string;
  readonly region: string;
}

/** The default directory for new users. */
export const MAIN_DIRECTORY: Directory = {
  startUrl: 'https://d-9067642ac7.awsapps.com/start',
  region: 'eu-central-1',
};

/** AWS Builder ID: one directory for all users, always in us-east-1. */
export const BUILDER_ID_DIRECTORY: Directory = {
  startUrl: 'https://view.awsapps.com/start',
  region: 'us-east-1',
};

/** An alias, a start URL with its Region in the name, and another one in the main directory's Region. */
export const OTHER_DIRECTORIES: readonly Directory[] = [
  { startUrl: 'https://acme-engineering.awsapps.com/start', region: 'us-west-2' },
  { startUrl: 'https://ssoins-7223f0a1b2c3d4e5.portal.eu-west-1.app.aws', region: 'eu-west-1' },
  { startUrl: 'https://d-90676a1b2c.awsapps.com/start', region: 'eu-central-1' },
];

/** An instance with an external identity source: users arrive by SCIM and sign in elsewhere. */
export const FEDERATED_DIRECTORY: Directory = {
  startUrl: 'https://d-9967c1a0de.awsapps.com/start',
  region: 'eu-central-1',
};

const ALL = [MAIN_DIRECTORY, BUILDER_ID_DIRECTORY, ...OTHER_DIRECTORIES, FEDERATED_DIRECTORY];

/**
 * The directory of a start URL in a Region; `undefined` if the Region does not know it.
 * @param startUrl in any spelling, such as with a trailing slash or fragment
 */
export function directoryIn(region: string, startUrl: string): Directory | undefined {
  if (!URL.canParse(startUrl)) return undefined;
  const { origin, pathname } = new URL(startUrl);
  const normal = origin + pathname.replace(/\/+$/, '');
  return ALL.find((directory) => directory.region === region && directory.startUrl === normal);
}
