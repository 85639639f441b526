import { cpSync, existsSync, globSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { cacheFolder } from '../tools/lib/paths.ts';
import { installWhole } from './installWhole.ts';
import type { InstalledHost } from './installHost.ts';
import { nodeIn, nodePackage } from './nodePackage.ts';
import { npm } from './npm.ts';

/** The version of Eclipse Theia. */
export const THEIA = '1.74.1';
const NODE = '24.21.0';

/** Packages that Theia needs to run VS Code extensions; npm adds the rest. */
const PARTS = [
  'core',
  'editor',
  'filesystem',
  'messages',
  'monaco',
  'navigator',
  'output',
  'plugin-ext',
  'plugin-ext-vscode',
  'preferences',
  'process',
  'terminal',
  'workspace',
] as const;

/** Peer dependencies that the application must provide. */
const PEERS = { react: '18.3.1', 'react-dom': '18.3.1' };

/** JavaScript replacements for native packages without prebuilt binaries that the tests do not need. */
const STUBS: Readonly<Record<string, string>> = {
  // Lists drives in the file dialog.
  'drivelist/js/index.js': 'exports.list = () => Promise.resolve([]);\n',
  // Without a keyring, as in a container, Theia keeps secrets in memory.
  'keytar/lib/keytar.js': "throw new Error('No keyring in a test.');\n",
};

/**
 * Builds Eclipse Theia once per machine, as a browser application: npm does not have a ready-made one. Uses only
 * the npm registry and compiles nothing native. Keeps only what is needed to run: the bundles and Node.
 */
export async function ensureTheia(): Promise<InstalledHost> {
  const folder = join(cacheFolder(), `host-theia-${THEIA}-node-${NODE}-${process.platform}-${process.arch}`);
  await installWhole({
    folder,
    stamp: `theia ${THEIA}, node ${NODE}, ${process.platform} ${process.arch}\n`,
    announce: async () => {
      console.log(
        `Building Eclipse Theia ${THEIA} into ${folder}: once per machine, one to ten minutes,\n` +
          '1.2 GB on disk during the build, and a quarter of it afterwards.',
      );
    },
    install: build,
  });
  return { node: nodeIn(folder), entry: join(folder, 'lib/backend/main.js') };
}

async function build(folder: string): Promise<void> {
  const application = join(folder, 'application');
  mkdirSync(application, { recursive: true });
  writeFileSync(join(application, 'package.json'), JSON.stringify(manifest(), undefined, 2));
  await npm(
    '1 of 2: the packages of Theia, and its Node',
    // Its peers are older than those that npm finds, and an install script would download a program from
    // elsewhere.
    ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--legacy-peer-deps'],
    { cwd: application },
  );
  for (const [name, source] of Object.entries(STUBS)) {
    const file = join(application, 'node_modules', name);
    // Fail if a package is gone or has a different entry point.
    if (!existsSync(file)) throw new Error(`Theia has no ${name} any more.`);
    writeFileSync(file, source);
  }
  await npm('2 of 2: its bundles', ['exec', '--', 'theia', 'build', '--mode', 'development'], {
    cwd: application,
  });
  for (const map of globSync('lib/**/*.map', { cwd: application })) rmSync(join(application, map));
  renameSync(join(application, 'lib'), join(folder, 'lib'));
  renameSync(join(application, 'package.json'), join(folder, 'package.json'));
  const node = join('node_modules', nodePackage());
  cpSync(join(application, node), join(folder, node), { recursive: true });
  rmSync(application, { recursive: true, force: true });
}

function manifest(): object {
  return {
    name: 'theia-host',
    version: '0.0.0',
    private: true,
    theia: { target: 'browser', frontend: { config: { applicationName: 'Theia' } } },
    dependencies: {
      ...Object.fromEntries(PARTS.map((part) => [`@theia/${part}`, THEIA])),
      ...PEERS,
    },
    devDependencies: { '@theia/cli': THEIA, [nodePackage()]: NODE },
  };
}
