/** An Identity Center directory: where its people begin, and the only region that knows it. */
export interface Directory {
  readonly startUrl: string;
  readonly region: string;
}

/** What a newcomer signs in to. */
export const MAIN_DIRECTORY: Directory = {
  startUrl: 'https://d-9067642ac7.awsapps.com/start',
  region: 'eu-central-1',
};

/** AWS Builder ID: one directory for all people, always in us-east-1. */
export const BUILDER_ID_DIRECTORY: Directory = {
  startUrl: 'https://view.awsapps.com/start',
  region: 'us-east-1',
};

/** An alias, a start URL with its region in the name, and another one in the main directory's region. */
export const OTHER_DIRECTORIES: readonly Directory[] = [
  { startUrl: 'https://acme-engineering.awsapps.com/start', region: 'us-west-2' },
  { startUrl: 'https://ssoins-7223f0a1b2c3d4e5.portal.eu-west-1.app.aws', region: 'eu-west-1' },
  { startUrl: 'https://d-90676a1b2c.awsapps.com/start', region: 'eu-central-1' },
];

/** An instance whose identity source is external: its people come by SCIM, and sign in elsewhere. */
export const FEDERATED_DIRECTORY: Directory = {
  startUrl: 'https://d-9967c1a0de.awsapps.com/start',
  region: 'eu-central-1',
};

const ALL = [MAIN_DIRECTORY, BUILDER_ID_DIRECTORY, ...OTHER_DIRECTORIES, FEDERATED_DIRECTORY];

/**
 * The directory that a start URL means in a region; `undefined` when that region does not know it.
 * @param startUrl in any of its written forms: with a slash or a fragment at its end too
 */
export function directoryIn(region: string, startUrl: string): Directory | undefined {
  if (!URL.canParse(startUrl)) return undefined;
  const { origin, pathname } = new URL(startUrl);
  const normal = origin + pathname.replace(/\/+$/, '');
  return ALL.find((directory) => directory.region === region && directory.startUrl === normal);
}
