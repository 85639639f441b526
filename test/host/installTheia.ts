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

/** What a Theia needs to run extensions of VS Code; npm brings the rest of Theia along. */
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

/** Theia leaves its peers to the application. */
const PEERS = { react: '18.3.1', 'react-dom': '18.3.1' };

/** JavaScript in the place of native packages that come without a binary, and of which a test needs nothing. */
const STUBS: Readonly<Record<string, string>> = {
  // The drives in the dialog that opens a file.
  'drivelist/js/index.js': 'exports.list = () => Promise.resolve([]);\n',
  // Without a keyring, as in a container, Theia keeps secrets in its memory.
  'keytar/lib/keytar.js': "throw new Error('No keyring in a test.');\n",
};

/**
 * Builds Eclipse Theia where it is not yet: an application of one's own for the browser, as Theia is meant to be used, since
 * npm has no ready one. From the npm registry alone, and nothing is compiled. What remains is what runs: its bundles and its Node.
 */
export async function ensureTheia(): Promise<InstalledHost> {
  const folder = join(cacheFolder(), `host-theia-${THEIA}-node-${NODE}-${process.platform}-${process.arch}`);
  await installWhole({
    folder,
    stamp: `theia ${THEIA}, node ${NODE}, ${process.platform} ${process.arch}\n`,
    announce: async () => {
      console.log(
        `Building Eclipse Theia ${THEIA} into ${folder}: once a machine, one to ten minutes,\n` +
          '1.2 GB on disk meanwhile, and a quarter of it after that.',
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
    // Its peers are older than what npm finds; an install script would download a program from elsewhere.
    ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--legacy-peer-deps'],
    { cwd: application },
  );
  for (const [name, source] of Object.entries(STUBS)) {
    const file = join(application, 'node_modules', name);
    // A package that went away, or has another way in, is to be noticed here.
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
