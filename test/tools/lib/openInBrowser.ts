import { spawn } from 'node:child_process';

import { findOnPath } from '../../host/systemPackages.ts';

/** Opens an address in the browser if there is a display. @returns whether it tried to */
export function openInBrowser(url: string): boolean {
  const opener = openerHere();
  if (!opener) return false;
  const [program, ...openerArguments] = opener;
  spawn(program, [...openerArguments, url], { stdio: 'ignore', detached: true })
    // Ignore failures: the address is also printed in the terminal.
    .on('error', () => undefined)
    .unref();
  return true;
}

function openerHere(): readonly [string, ...string[]] | undefined {
  if (process.platform === 'darwin') return ['open'];
  if (process.platform === 'win32') return ['explorer.exe'];
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  const program = DISPLAY || WAYLAND_DISPLAY ? findOnPath('xdg-open') : undefined;
  return program ? [program] : undefined;
}
