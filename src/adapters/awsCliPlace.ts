import { homedir, hostname } from 'node:os';
import { sep } from 'node:path';
import { workspace } from 'vscode';
import type { Memento } from 'vscode';
import type { IdentityCenterConnection } from '../core/connection.ts';
import { withConnection } from '../core/connectionEntries.ts';
import type { AwsCliPlace } from '../core/machine.ts';
import type { Log } from '../core/ports.ts';
import { awsCliCachePath, createAwsCliCache } from './awsCliCache.ts';
import { rememberConsent } from './awsCliConsents.ts';
import { awsConfigPath, readSsoSessions } from './awsConfig.ts';
import { codeOf } from './systemFile.ts';

/** The AWS CLI's files below this person's home. */
export function createAwsCliPlace(memento: Memento, log: Log): AwsCliPlace {
  const home = homedir();
  return {
    hostName: hostname(),
    configuration: tilde(awsConfigPath(), home),
    pathOf: (name) => tilde(awsCliCachePath(home, name), home),
    sections: async () =>
      readSsoSessions().catch((error: unknown) => {
        log.warn('The configuration of the AWS CLI cannot be read', { code: codeOf(error) });
        return [];
      }),
    found: (name) => createAwsCliCache(home).read(name),
    remember: async (connection, name) => {
      await rememberConsent(memento, connection, name);
      await rememberName(connection, name);
    },
  };
}

/** Writes the name into the connection's entry, which is added where it is missing; others are left as they are. */
async function rememberName(connection: IdentityCenterConnection, name: string | undefined): Promise<void> {
  const settings = workspace.getConfiguration('developerSignIn');
  const own = settings.inspect<unknown[]>('connections')?.globalValue ?? [];
  const { awsCli: _before, ...rest } = connection;
  const changed = name === undefined ? rest : { ...rest, awsCli: name };
  await settings.update('connections', withConnection(own, changed), true);
}

/** A path as people write it: their home as `~`. */
function tilde(path: string, home: string): string {
  return path.startsWith(home + sep) ? `~${path.slice(home.length)}` : path;
}
