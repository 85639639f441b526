import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { projectRoot } from './paths.ts';

/** The part of a CycloneDX document that is used here. */
interface Bom {
  readonly metadata: { readonly component: object };
  readonly components: readonly { readonly name: string; readonly version: string }[];
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

interface Lock {
  readonly packages: Readonly<Record<string, { readonly dev?: boolean }>>;
}

/**
 * The software bill of materials in CycloneDX format, as npm generates it from the lock file.
 * @throws npm's error output
 */
export function createSbom(): Bom {
  const { name, version, license, dependencies } = read('package.json') as Manifest;
  const { packages, ...lock } = read('package-lock.json') as Lock;
  const { description } = read('package.nls.json') as { description: string };
  const root = { name, version, license, description, dependencies };
  // npm drops packages that are also development dependencies, so give it a lock file without those.
  const needed = Object.entries(packages).filter(([path, { dev }]) => path !== '' && dev !== true);
  const folder = mkdtempSync(join(tmpdir(), 'sbom-'));
  try {
    const write = (file: string, content: object): void =>
      writeFileSync(join(folder, file), JSON.stringify(content));
    write('package.json', root);
    write('package-lock.json', { ...lock, packages: { '': root, ...Object.fromEntries(needed) } });
    const bom = JSON.parse(npm(folder)) as Bom;
    return { ...bom, metadata: { ...bom.metadata, component: { ...bom.metadata.component, name } } };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function read(path: string): unknown {
  return JSON.parse(readFileSync(join(projectRoot, path), 'utf8'));
}

function npm(cwd: string): string {
  const sbom = ['sbom', '--package-lock-only', '--sbom-format=cyclonedx', '--sbom-type=application'];
  const script = process.env['npm_execpath'];
  const isScript = script !== undefined && /\.c?js$/.test(script);
  const options = { cwd, encoding: 'utf8', maxBuffer: 2 ** 26 } as const;
  if (isScript) return execFileSync(process.execPath, [script, ...sbom], options);
  return execFileSync('npm', sbom, { ...options, shell: process.platform === 'win32' });
}
