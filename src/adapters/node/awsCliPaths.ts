import { hostname } from 'node:os';
import { sep } from 'node:path';
import type { AwsCliPaths } from '../../features/machine.ts';
import { awsCliCachePath, createAwsCliCache } from './awsCliCache.ts';
import { homeFolder } from './homeFolder.ts';

/** The paths of the AWS CLI's token cache below a home folder. */
export function createAwsCliPaths(home = homeFolder()): AwsCliPaths {
  const shown = (path: string): string =>
    path.startsWith(home + sep) ? `~${path.slice(home.length)}` : path;
  return {
    hostName: hostname(),
    pathOf: (name) => shown(awsCliCachePath(home, name)),
    shown,
    found: (name) => createAwsCliCache(home).read(name),
  };
}
