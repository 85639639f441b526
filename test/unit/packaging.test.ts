import { readFileSync } from 'node:fs';
import { listFiles, PackageManager } from '@vscode/vsce';
import { describe, expect, test } from 'vitest';
import { projectRoot } from '../tools/lib/paths.ts';

/** A14: the packages installed for the build, and the content of the extension's package. */

const read = (path: string): Readonly<Record<string, unknown>> =>
  JSON.parse(readFileSync(`${projectRoot}/${path}`, 'utf8')) as Readonly<Record<string, unknown>>;

interface Locked {
  readonly integrity?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly inBundle?: boolean;
  readonly hasInstallScript?: boolean;
}

describe('A14: the lock file', () => {
  const all = Object.entries(read('package-lock.json')['packages'] as Readonly<Record<string, Locked>>);
  const packages = all.filter(([path]) => path !== '');

  test('has the hash of each package, and no custom source', () => {
    expect(packages.length).toBeGreaterThan(100);
    const loose = packages.filter(
      ([, { integrity = '', resolved, link }]) =>
        !/^sha512-[\w+/]{86}==$/.test(integrity) || resolved !== undefined || link === true,
    );
    expect(loose).toEqual([]);
  });

  test('has no package with an install script except the known ones', () => {
    const scripts = packages.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path);
    expect(scripts).toEqual(['node_modules/@vscode/vsce-sign', 'node_modules/esbuild', 'node_modules/node']);
  });

  test('contains exact versions', () => {
    const { dependencies, devDependencies } = read('package.json');
    const wanted = Object.entries({ ...(dependencies as object), ...(devDependencies as object) });
    const loose = wanted.filter(
      ([, version]) => !/^(?:npm:[@/\w.-]+@)?\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(String(version)),
    );
    expect(loose).toEqual([]);
  });
});

describe('A14: the package', () => {
  test('contains the bundle, texts and pictures, and no source, tests or build files', async () => {
    const files = await listFiles({ cwd: projectRoot, packageManager: PackageManager.None });
    const meant =
      /^(?:dist\/extension\/[\w-]+\.cjs|dist\/extension\/bin\/sso-token(?:\.cmd)?|l10n\/bundle\.l10n\.\w+\.json|media\/icon\.png|media\/organi[sz]ation-policy\.schema[.\w]*\.json|media\/walkthrough\/[\w-]+\.svg|package(?:\.nls(?:\.\w+)?)?\.json|README\.md|CHANGELOG\.md|LICENSE|ThirdPartyNotices\.txt)$/;
    expect(files.filter((file) => !meant.test(file))).toEqual([]);
    expect(files).toEqual(expect.arrayContaining(['package.json', 'LICENSE', 'README.md']));
  });

  test('requires nothing more from VS Code: no proposed API, other extension or script', () => {
    const manifest = read('package.json');
    for (const name of ['enabledApiProposals', 'extensionDependencies', 'extensionPack', 'browser'])
      expect(manifest).not.toHaveProperty(name);
    const scripts = Object.keys(manifest['scripts'] as object);
    // VS Code runs `vscode:uninstall`, vsce runs `vscode:prepublish`, and npm runs the others on
    // installation.
    const hooks = scripts.filter((name) => /^vscode:|^(?:pre|post)?install$|^prepare|^prepack$/.test(name));
    expect(hooks).toEqual([]);
  });

  test('does not let a workspace set anything, and is not activated by workspace files', () => {
    const { contributes, activationEvents } = read('package.json') as {
      readonly contributes: {
        readonly configuration: { readonly properties: Readonly<Record<string, { scope?: string }>> };
      };
      readonly activationEvents: readonly string[];
    };
    const settings = Object.entries(contributes.configuration.properties);
    expect(settings.filter(([, { scope }]) => scope !== 'application')).toEqual([]);
    expect(activationEvents.filter((event) => event.startsWith('workspaceContains'))).toEqual([]);
  });

  test('has pictures that load and run nothing', () => {
    const { contributes } = read('package.json') as {
      readonly contributes: {
        readonly walkthroughs: readonly {
          readonly steps: readonly { readonly media: { readonly svg?: string } }[];
        }[];
      };
    };
    const pictures = contributes.walkthroughs.flatMap(({ steps }) =>
      steps.flatMap(({ media }) => media.svg ?? []),
    );
    expect(pictures.length).toBeGreaterThan(0);
    for (const picture of new Set(pictures)) {
      const text = readFileSync(`${projectRoot}/${picture}`, 'utf8');
      expect(text, picture).not.toMatch(
        /<script|<foreignObject|\son\w+=|href="(?!#)|url\((?!#)|@import|<!ENTITY/i,
      );
    }
  });
});
