import { access, chmod, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { terminalVariables } from '../../features/terminalProtocol.ts';

/**
 * Where `sso-token` is, and that it runs with the Node that this code runs with: the editor's own, which as an Electron
 * program has to be told so. `folder` holds its scripts, which an unpacked package may have left without the right to be
 * run. Rejects with the system's error.
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
