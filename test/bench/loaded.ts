import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { deflateRawSync } from 'node:zlib';

import type { Probe } from '../host/probe.ts';
import { distFolder, vsixPath } from '../tools/lib/paths.ts';
import type { Figure } from './figure.ts';

const KB = 1024;
const LOADED_BOUND = { most: 60 * KB, kind: 'size' } as const;
const VSIX_BOUND = { most: 600 * KB, kind: 'size' } as const;

interface LoadedScript {
  /** A name in `dist/extension`. */
  readonly name: string;
  readonly bytes: number;
}

/**
 * Our scripts in the extension host's module cache, in an idle window with connections and before any command,
 * and the size of the package. esbuild's list of the entry point's imports separates what `activate` loads, which
 * awaits nothing, from what the status bar and the organization policies load later.
 */
export async function measureLoaded(probe: Probe, extensionsFolder: string): Promise<Figure[]> {
  const scripts = await loadedScripts(probe, extensionsFolder);
  const expected = staticallyImported();
  const byActivation = scripts.filter(({ name }) => expected.has(name));
  const later = scripts.filter(({ name }) => !expected.has(name));
  if (byActivation.length === 0) throw new Error('None of our scripts was loaded at activation.');
  return [
    {
      name: `loaded at activation: ${byActivation.length} of the scripts in the host's module cache`,
      value: sizeOf(byActivation),
      unit: 'bytes',
      bound: LOADED_BOUND,
    },
    {
      name: `loaded after it in a quiet window, ${later.length} scripts`,
      value: sizeOf(later),
      unit: 'bytes',
    },
    { name: 'the VSIX', value: statSync(vsixPath).size, unit: 'bytes' },
    {
      name: '  the VSIX without the AWS client of the setup checks, which is optional',
      value: statSync(vsixPath).size - packedAwsClient(),
      unit: 'bytes',
      bound: VSIX_BOUND,
    },
  ];
}

/** The packaged code that finds AWS credentials and signs with them. */
function packedAwsClient(): number {
  const scripts = readdirSync(join(distFolder, 'extension')).filter((name) => name.startsWith('awsSigner-'));
  if (scripts.length === 0) throw new Error('The AWS client is in no script of its own.');
  return scripts.reduce(
    (sum, name) => sum + deflateRawSync(readFileSync(join(distFolder, 'extension', name))).length,
    0,
  );
}

function sizeOf(scripts: readonly LoadedScript[]): number {
  return scripts.reduce((sum, { bytes }) => sum + bytes, 0);
}

async function loadedScripts(probe: Probe, extensionsFolder: string): Promise<LoadedScript[]> {
  const all = (await probe.executeCommand('probe.loadedScripts', [
    { folder: join(extensionsFolder, 'developer-sign-in.') },
  ])) as readonly { readonly file: string; readonly bytes: number }[];
  return all.map(({ file, bytes }) => ({ name: basename(file), bytes }));
}

interface EsbuildOutput {
  readonly entryPoint?: string;
  readonly imports: readonly { readonly path: string; readonly kind: string; readonly external?: boolean }[];
}

/** The entry point and all its static imports. */
function staticallyImported(): ReadonlySet<string> {
  const { outputs } = JSON.parse(readFileSync(join(distFolder, 'meta.json'), 'utf8')) as {
    outputs: Readonly<Record<string, EsbuildOutput>>;
  };
  const entry = Object.keys(outputs).find((path) => outputs[path]?.entryPoint === 'src/extension.ts');
  const found = new Set<string>();
  const visit = (path: string): void => {
    if (found.has(path)) return;
    found.add(path);
    for (const { path: imported, kind, external } of outputs[path]?.imports ?? [])
      if (kind === 'import-statement' && external !== true) visit(imported);
  };
  if (entry !== undefined) visit(entry);
  return new Set([...found].map((path) => basename(path)));
}
