import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { cacheFolder } from '../tools/lib/paths.ts';
import { chosenEditor, type Editor } from './editors.ts';
import { installWhole } from './installWhole.ts';
import { writeNativeStubs } from './nativeStubs.ts';
import { nodeIn, nodePackage } from './nodePackage.ts';
import { npm } from './npm.ts';
import { answers, installSystemPackages } from './systemPackages.ts';

/** A complete installation of code-server: the workbench and extension host of VS Code, from the npm registry. */
export interface InstalledHost {
  /** The Node that runs it. */
  readonly node: string;
  /** Its main script. */
  readonly entry: string;
}

/**
 * Installs code-server once per machine: about a minute, a 260 MB download, 800 MB on disk. It is not a
 * dependency, because building the project does not need it. It is kept in the cache folder;
 * `DEVELOPER_SIGN_IN_HOST` names another folder, whose existing installation is used as is.
 * @throws with instructions, if something is missing that this process cannot install
 */
export async function ensureHost(): Promise<InstalledHost> {
  const editor = chosenEditor();
  const chosen = process.env['DEVELOPER_SIGN_IN_HOST'];
  const folder = chosen
    ? resolve(chosen)
    : join(
        cacheFolder(),
        `host-code-server-${editor.codeServer}-node-${editor.node}-${process.platform}-${process.arch}`,
      );
  await installWhole({
    folder,
    stamp: `code-server ${editor.codeServer}, node ${editor.node}, ${process.platform} ${process.arch}\n`,
    announce: async () => {
      await ensureBuildTools(editor);
      console.log(
        `Installing VS Code for the browser (code-server ${editor.codeServer}) into ${folder}: once per machine,\n` +
          'about a minute, a 260 MB download and 800 MB on disk.',
      );
    },
    install: (partial) => installInto(partial, editor),
  });
  return {
    node: nodeIn(folder),
    entry: join(folder, 'node_modules/code-server/out/node/entry.js'),
  };
}

async function installInto(folder: string, editor: Editor): Promise<void> {
  const { codeServer, node, released = {}, compiled = [] } = editor;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "name": "vscode-host", "private": true }\n');
  const quiet = ['--no-audit', '--no-fund', '--ignore-scripts'];
  await npm(
    '1 of 2: code-server and its Node',
    ['install', ...quiet, '--save-exact', `${nodePackage()}@${node}`, `code-server@${codeServer}`],
    { cwd: folder },
  );
  const workbench = join(folder, 'node_modules/code-server/lib/vscode');
  useReleased(workbench, released);
  // `npm ci` rejects it: its lock file does not match its package.json.
  await npm('2 of 2: the packages of the workbench', ['install', ...quiet, '--omit=dev'], { cwd: workbench });
  // The other native packages ship with binaries, or are not used here, such as kerberos.
  writeNativeStubs(workbench);
  if (compiled.length === 0) return;
  // The Node package includes the headers, so nothing else is downloaded.
  const env = {
    npm_config_nodedir: join(folder, 'node_modules', nodePackage()),
    npm_config_build_from_source: 'true',
  };
  await npm(`and ${compiled.join(', ')}`, ['rebuild', '--ignore-scripts=false', ...compiled], {
    cwd: folder,
    env,
  });
}

interface PackageFile {
  readonly dependencies?: Record<string, string>;
  readonly packages?: Record<string, PackageFile>;
}

/** Replaces Git commits by these versions in the workbench's manifest and lock file. */
function useReleased(workbench: string, released: Readonly<Record<string, string>>): void {
  if (Object.keys(released).length === 0) return;
  for (const name of ['package.json', 'npm-shrinkwrap.json']) {
    const file = join(workbench, name);
    const content = JSON.parse(readFileSync(file, 'utf8')) as PackageFile;
    for (const [dependency, version] of Object.entries(released)) {
      const { dependencies } = content.packages?.[''] ?? content;
      if (dependencies) dependencies[dependency] = version;
      delete content.packages?.[`node_modules/${dependency}`];
    }
    writeFileSync(file, JSON.stringify(content, undefined, 2));
  }
}

/** Compiling requires node-gyp, which requires Python, make and a C++ compiler. */
async function ensureBuildTools({ compiled = [] }: Editor): Promise<void> {
  if (compiled.length === 0) return;
  // Requires Visual Studio's build tools; node-gyp reports what is missing. Untested.
  if (process.platform === 'win32') return;
  const missing = ['make', 'g++', 'python3'].filter((program) => !answers(program));
  if (missing.length > 0)
    await installSystemPackages(
      missing,
      `code-server has a native package that is compiled: ${compiled.join(', ')}`,
    );
}
