import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { cacheFolder } from '../tools/lib/paths.ts';
import { chosenEditor, type Editor } from './editors.ts';
import { installWhole } from './installWhole.ts';
import { writeNativeStubs } from './nativeStubs.ts';
import { nodeIn, nodePackage } from './nodePackage.ts';
import { npm } from './npm.ts';
import { answers, installSystemPackages } from './systemPackages.ts';

/** A code-server that is installed and whole: the workbench and extension host of VS Code, from the npm registry. */
export interface InstalledHost {
  /** The Node that it runs under. */
  readonly node: string;
  /** Its main script. */
  readonly entry: string;
}

/**
 * Installs code-server where it is not yet: about a minute, 260 MB to download, 800 MB on disk, once a machine. It is not a
 * dependency of the project, because a person who only builds should not pay for it. It lies in the cache folder;
 * `DEVELOPER_SIGN_IN_HOST` names another folder, in which one that is there already is taken as it is.
 * @throws with what to do, when something is missing that this process may not install
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
        `Installing VS Code for the browser (code-server ${editor.codeServer}) into ${folder}: once a machine,\n` +
          'about a minute, 260 MB to download and 800 MB on disk.',
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
  // `npm ci` refuses it: the lock file that it comes with is not in step with its package.json.
  await npm('2 of 2: the packages of the workbench', ['install', ...quiet, '--omit=dev'], { cwd: workbench });
  // The other native packages come with what they need, or, as kerberos, are not used here.
  writeNativeStubs(workbench);
  if (compiled.length === 0) return;
  // The package of Node carries the headers, so nothing is downloaded from anywhere else.
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

/** Writes these versions into the workbench's manifest and lock file, where each names a commit. */
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

/** What is compiled wants node-gyp, and that Python, make and a C++ compiler. */
async function ensureBuildTools({ compiled = [] }: Editor): Promise<void> {
  if (compiled.length === 0) return;
  if (process.platform === 'win32') return; // Visual Studio's build tools; node-gyp itself says what is missing. Not run.
  const missing = ['make', 'g++', 'python3'].filter((program) => !answers(program));
  if (missing.length > 0)
    await installSystemPackages(
      missing,
      `code-server has a native package that is compiled: ${compiled.join(', ')}`,
    );
}
