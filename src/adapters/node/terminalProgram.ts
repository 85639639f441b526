import { access, chmod, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { terminalVariables } from '../../features/terminalProtocol.ts';

/**
 * The path of `sso-token`, and the environment that runs it with this process's Node: the editor's, an Electron
 * program that a variable turns into Node. `folder` holds its scripts, which may have lost their execute
 * permission when the package was unpacked. Rejects with the system's error.
 */
export async function terminalProgram(
  folder: string,
  platform: NodeJS.Platform = process.platform,
): Promise<{
  readonly path: string;
  readonly command: string;
  readonly variables: Readonly<Record<string, string>>;
}> {
  const script = join(folder, 'sso-token');
  if (platform !== 'win32')
    await access(script, constants.X_OK).catch(async () => {
      await chmod(script, 0o755);
    });
  const isMicrosofts = process.versions['microsoft-build'] !== undefined;
  return {
    path: `${folder}${delimiter}`,
    command: platform === 'win32' ? 'sso-token.cmd' : 'sso-token',
    variables: {
      [terminalVariables.node]: process.execPath,
      [terminalVariables.nodeOptions]: isMicrosofts ? '--ms-enable-electron-run-as-node' : '',
    },
  };
}
