import { loadSharedConfigFiles } from '@smithy/core/config';

/** The names of the profiles in the files of the AWS CLI, as the AWS SDK reads them. */
export async function awsProfiles(): Promise<readonly string[]> {
  const { configFile, credentialsFile } = await loadSharedConfigFiles({ ignoreCache: true });
  const names = [...Object.keys(configFile), ...Object.keys(credentialsFile)];
  const profiles = names.filter((name) => !/^(?:sso-session|services)\./.test(name) && name.length <= 200);
  return [...new Set(profiles)].sort((one, other) => one.localeCompare(other, 'en'));
}
