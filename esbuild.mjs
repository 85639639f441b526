import { chmod, copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { build, transform } from 'esbuild';

/**
 * Bundles the extension into `dist`. What is loaded on first use (`import()`) becomes a file of its own. VS Code
 * loads CommonJS, but esbuild splits only ES modules: so it splits first, and each part is turned into CommonJS
 * after that. What is loaded at activation is put together again into one file: each file that Node loads costs half
 * a millisecond. A part that is loaded later finds its shared code there. `meta.json` beside the folder says what is
 * in each file. The folder may be given.
 *
 * With `--debug` all is one readable file with a source map, for a debugger; only the way of bundling differs.
 */
const noCredentials = 'src/adapters/node/noCredentials.ts';
const folder = relative('.', process.argv.slice(2).find((one) => !one.startsWith('--')) ?? 'dist/extension');
const common = { platform: 'node', target: 'node22', minify: true, legalComments: 'none' };
const cjs = { ...common, format: 'cjs', supported: { 'dynamic-import': false } };

const entryPoint = {
  entryPoints: { extension: 'src/extension.ts' },
  outdir: folder,
  outExtension: { '.js': '.cjs' },
  bundle: true,
  mainFields: ['module', 'main'],
  conditions: ['module', 'import', 'node'],
  // The AWS SDK asks `bowser` for a browser's name, in a browser.
  external: ['vscode', 'bowser'],
  // What refreshes a profile's token speaks SSO-OIDC too: one client is enough.
  alias: { '@aws-sdk/nested-clients/sso-oidc': '@aws-sdk/client-sso-oidc' },
  plugins: [{ name: 'leave-out', setup: leaveOut }],
};

await rm(folder, { recursive: true, force: true });
await buildSsoToken();
await buildCheckSetup();
if (process.argv.includes('--debug')) {
  await build({ ...common, ...entryPoint, format: 'cjs', minify: false, sourcemap: 'linked' });
  process.exit();
}
const split = await build({
  ...common,
  ...entryPoint,
  chunkNames: '[name]-[hash]',
  splitting: true,
  format: 'esm',
  metafile: true,
  write: false,
});
const parts = new Map(split.outputFiles.map(({ path, text }) => [basename(path), text]));
const { outputs } = split.metafile;
const entry = 'extension.cjs';
const atActivation = staticImports(join(folder, entry));
const shared = [...atActivation].filter((name) => name !== entry);

const merged = await build({
  ...cjs,
  stdin: {
    contents: [
      `export * from './${entry}';`,
      ...shared.map((name, index) => `export * as part${index} from './${name}';`),
    ].join('\n'),
    sourcefile: 'activation.js',
  },
  bundle: true,
  write: false,
  plugins: [{ name: 'parts', setup: resolveParts }],
});
await mkdir(folder, { recursive: true });
await writeFile(join(folder, entry), askOnce('vscode', merged.outputFiles[0].text));
for (const [name, text] of parts) {
  if (name === entry || shared.includes(name)) continue;
  const { code } = await transform(text, cjs);
  await writeFile(join(folder, name), code.replaceAll(/require\("\.\/([^"]+)"\)/g, inEntry));
}
await writeFile(join(dirname(folder), 'meta.json'), JSON.stringify(split.metafile));

/**
 * What the AWS SDK has for calls that are not made here: event streams, keys for an unsigned client, and the signature for
 * several Regions, which looks for more modules while it runs.
 */
function leaveOut({ onResolve, onLoad }) {
  onResolve({ filter: /^@aws-sdk\/credential-provider-node$/ }, ({ importer }) =>
    importer.includes('client-sso-oidc') ? { path: join(process.cwd(), noCredentials) } : undefined,
  );
  onResolve({ filter: /^@smithy\/core\/event-streams$/ }, ({ path }) => ({ path, namespace: 'left-out' }));
  onLoad({ filter: /.*/, namespace: 'left-out' }, () => ({ contents: 'export {};', loader: 'js' }));
  onResolve({ filter: /^@aws-sdk\/signature-v4-multi-region$/ }, ({ path }) => ({
    path,
    namespace: 'one-region',
  }));
  onLoad({ filter: /.*/, namespace: 'one-region' }, () => ({
    contents: [
      "import { SignatureV4 } from '@smithy/signature-v4';",
      'export class SignatureV4MultiRegion extends SignatureV4 {',
      "  static sigv4aDependency() { return 'none'; }",
      '}',
    ].join('\n'),
    resolveDir: process.cwd(),
    loader: 'js',
  }));
}

/** `sso-token` for terminals: one file, and beside it the folder that is put on their PATH. */
async function buildSsoToken() {
  const bin = join(folder, 'bin');
  await mkdir(bin, { recursive: true });
  await build({
    ...common,
    entryPoints: ['src/ssoToken/main.ts'],
    outfile: join(folder, 'sso-token.cjs'),
    bundle: true,
    format: 'cjs',
  });
  for (const name of ['sso-token', 'sso-token.cmd'])
    await copyFile(join('src/ssoToken', name), join(bin, name));
  await chmod(join(bin, 'sso-token'), 0o755);
}

/** `check-setup` for a pipeline: one file beside the extension's folder, and not part of the extension. */
async function buildCheckSetup() {
  await build({
    ...common,
    bundle: true,
    mainFields: entryPoint.mainFields,
    conditions: entryPoint.conditions,
    alias: entryPoint.alias,
    plugins: entryPoint.plugins,
    external: ['bowser'],
    entryPoints: ['src/checkSetup/main.ts'],
    outfile: join(dirname(folder), 'check-setup.mjs'),
    format: 'esm',
    // The AWS SDK asks for Node's own modules by `require`.
    banner: {
      js: "#!/usr/bin/env node\nimport { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);",
    },
  });
}

/** At each `require` of its API, VS Code looks up on the disk who asks: one for all that was put together. */
function askOnce(name, code) {
  const call = `require(${JSON.stringify(name)})`;
  const [first, ...rest] = code.split(call);
  return rest.length === 0 ? code : `const ${name}=${call};${[first, ...rest].join(name)}`;
}

/** What was put together with the entry is found there. */
function inEntry(call, name) {
  const index = shared.indexOf(name);
  return index < 0 ? call : `require("./${entry}").part${index}`;
}

/** The names of an output and of all that it imports other than by `import()`. */
function staticImports(path, found = new Set()) {
  if (found.has(basename(path))) return found;
  found.add(basename(path));
  for (const { path: imported, kind, external } of outputs[path].imports)
    if (kind === 'import-statement' && !external) staticImports(imported, found);
  return found;
}

function resolveParts({ onResolve, onLoad }) {
  onResolve({ filter: /.*/ }, ({ path, kind }) =>
    kind !== 'dynamic-import' && atActivation.has(basename(path)) && path.startsWith('./')
      ? { path: basename(path), namespace: 'parts' }
      : { path, external: true },
  );
  onLoad({ filter: /.*/, namespace: 'parts' }, ({ path }) => ({ contents: parts.get(path), loader: 'js' }));
}
