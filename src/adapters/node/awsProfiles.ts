import { loadSharedConfigFiles } from '@smithy/core/config';

/** Names of the profiles in the AWS CLI's files, as the AWS SDK reads them. */
export async function awsProfiles(): Promise<readonly string[]> {
  const { configFile, credentialsFile } = await loadSharedConfigFiles({ ignoreCache: true });
  const names = [...Object.keys(configFile), ...Object.keys(credentialsFile)];
  const profiles = names.filter((name) => !/^(?:sso-session|services)\./.test(name) && name.length <= 200);
  return [...new Set(profiles)].sort((one, other) => one.localeCompare(other, 'en'));
}
