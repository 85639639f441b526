import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { decode, encode } from '@jridgewell/sourcemap-codec';
import { build, transform } from 'esbuild';
import * as commonJs from './.config/commonJs.mjs';
import { suffixListModule } from './.config/publicSuffixList.mjs';

/**
 * Bundles the extension into `dist`, or into the given folder. Code loaded with `import()` becomes a separate
 * file. VS Code loads CommonJS, but esbuild splits only ES modules, so it splits first and then converts each
 * part to CommonJS. The code loaded at activation is merged into one file, because each file costs Node half a
 * millisecond to load; parts loaded later find their shared code in it. `meta.json` next to the folder lists the
 * content of each file, and `source-maps` (not packaged) maps each position to `src`.
 *
 * `--debug` writes one readable file with a source map for a debugger; only the bundling differs.
 */
const noCredentials = 'src/adapters/node/noCredentials.ts';
/** The default output folder. Names and maps are made as if output were there, so they are the same everywhere. */
const usual = 'dist/extension';
const folder = relative('.', process.argv.slice(2).find((one) => !one.startsWith('--')) ?? usual);
const common = { platform: 'node', target: 'node22', minify: true, legalComments: 'none' };
const cjs = { ...common, format: 'cjs', supported: { 'dynamic-import': false }, sourcemap: 'external' };
const maps = join(dirname(folder), 'source-maps');
/** Helpers that every part needs to be CommonJS: all parts use those of the file with the shared code. */
const helpers = './.config/commonJs.mjs';

const entryPoint = {
  entryPoints: { extension: 'src/extension.ts' },
  outdir: usual,
  outExtension: { '.js': '.cjs' },
  bundle: true,
  mainFields: ['module', 'main'],
  conditions: ['module', 'import', 'node'],
  // The AWS SDK asks `bowser` for a browser's name, and only in a browser.
  external: ['vscode', 'bowser'],
  // Refreshing a profile's token also uses SSO-OIDC: share one client.
  alias: { '@aws-sdk/nested-clients/sso-oidc': '@aws-sdk/client-sso-oidc' },
  plugins: [{ name: 'leave-out', setup: leaveOut }],
};

for (const one of [folder, maps]) await rm(one, { recursive: true, force: true });
await mkdir(maps, { recursive: true });
await buildSsoToken();
await buildCheckSetup();
if (process.argv.includes('--debug')) {
  await build({
    ...common,
    ...entryPoint,
    outdir: folder,
    format: 'cjs',
    minify: false,
    sourcemap: 'linked',
  });
  process.exit();
}
const split = await build({
  ...common,
  ...entryPoint,
  chunkNames: '[name]-[hash]',
  splitting: true,
  format: 'esm',
  metafile: true,
  sourcemap: 'external',
  write: false,
});
const texts = new Map(split.outputFiles.map(({ path, text }) => [basename(path), text]));
const parts = new Map(
  [...texts].filter(([name]) => !name.endsWith('.map')).map(([name]) => [name, withMap(name)]),
);
const { outputs } = split.metafile;
const entry = 'extension.cjs';
const atActivation = staticImports(`${usual}/${entry}`); // esbuild names outputs with `/`, also on Windows.
const shared = [...atActivation].filter((name) => name !== entry);

const merged = await build({
  ...cjs,
  stdin: {
    contents: [
      `export * from './${entry}';`,
      ...shared.map((name, index) => `export * as part${index} from './${name}';`),
      `export * as asCommonJs from '${helpers}';`,
    ].join('\n'),
    sourcefile: 'activation.js',
  },
  bundle: true,
  outfile: join(usual, entry),
  write: false,
  plugins: [{ name: 'parts', setup: resolveParts }],
});
await mkdir(folder, { recursive: true });
const [mergedMap, mergedCode] = merged.outputFiles.toSorted(mapFirst);
await writeBoth(entry, withRequires(mergedCode.text), mergedMap.text);
for (const [name, text] of parts) {
  if (name === entry || shared.includes(name)) continue;
  const { code, map } = await toCommonJs(name, text);
  await writeBoth(name, withRequires(code), map);
}
for (const name of Object.keys(outputs)) if (name.endsWith('.map')) delete outputs[name];
await writeFile(join(dirname(folder), 'meta.json'), JSON.stringify(split.metafile));

/**
 * Replaces parts of the AWS SDK that are not used here: event streams, keys for an unsigned client, the
 * multi-Region signature (which looks for more modules at run time), and package metadata other than the version.
 * Also replaces the XML parser's code for document types and entities: a document type is rejected before parsing
 * (src/adapters/node/wellFormedXml.ts), and all entities are treated as unsafe. Stores the Public Suffix List as
 * text.
 */
function leaveOut({ onResolve, onLoad }) {
  onResolve({ filter: /^is-unsafe$/ }, ({ path }) => ({ path, namespace: 'all-unsafe' }));
  onLoad({ filter: /.*/, namespace: 'all-unsafe' }, () => ({
    contents: 'export const HTML = {}, XML = {}; export const isUnsafe = () => true;',
    loader: 'js',
  }));
  onLoad({ filter: /[\\/]fast-xml-parser[\\/].*[\\/]DocTypeReader\.js$/ }, () => ({
    contents: [
      'export default class DocTypeReader {',
      '  setXmlVersion() {}',
      "  readDocType() { throw new Error('A document type is not read'); }",
      '}',
    ].join('\n'),
    loader: 'js',
  }));
  onLoad({ filter: /[\\/]tldts[\\/].*[\\/]data[\\/]trie\.js$/ }, async ({ path }) => ({
    contents: suffixListModule(await import(pathToFileURL(path))),
    loader: 'js',
  }));
  onResolve({ filter: /^@aws-sdk\/credential-provider-node$/ }, ({ importer }) =>
    importer.includes('client-sso-oidc') ? { path: join(process.cwd(), noCredentials) } : undefined,
  );
  onResolve({ filter: /^@smithy\/core\/event-streams$/ }, ({ path }) => ({ path, namespace: 'left-out' }));
  onLoad({ filter: /.*/, namespace: 'left-out' }, () => ({ contents: 'export {};', loader: 'js' }));
  onLoad({ filter: /[\\/]@aws-sdk[\\/][\w-]+[\\/]package\.json$/ }, async ({ path }) => {
    const { name, version } = JSON.parse(await readFile(path, 'utf8'));
    return { contents: JSON.stringify({ name, version }), loader: 'json' };
  });
  // Load all credential providers as one chunk: one file is smaller than one for each source.
  onLoad(
    { filter: /[\\/]@aws-sdk[\\/](?:credential-provider-|token-providers).*[\\/]dist-es[\\/].*\.js$/ },
    async ({ path }) => ({
      contents: withStaticImports(await readFile(path, 'utf8')),
      loader: 'js',
    }),
  );
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

/** Rewrites a module's dynamic imports as static imports at the top. */
function withStaticImports(code) {
  const names = [...new Set([...code.matchAll(/\bimport\("([^"]+)"\)/g)].map(([, name]) => name))];
  const imports = names.map((name, index) => `import * as later${index} from ${JSON.stringify(name)};\n`);
  return (
    imports.join('') +
    code.replaceAll(/\bimport\("([^"]+)"\)/g, (_, name) => `Promise.resolve(later${names.indexOf(name)})`)
  );
}

/** Bundles `sso-token` for terminals: one file, next to the folder that is added to PATH. */
async function buildSsoToken() {
  const bin = join(folder, 'bin');
  await mkdir(bin, { recursive: true });
  const name = 'sso-token.cjs';
  const { outputFiles } = await build({
    ...cjs,
    entryPoints: ['src/ssoToken/main.ts'],
    outfile: join(usual, name),
    bundle: true,
    write: false,
  });
  const [map, code] = outputFiles.toSorted(mapFirst);
  await writeBoth(name, { text: code.text, moves: [] }, map.text);
  // Normalize line ends: a shell reads `\r` as part of the preceding word.
  for (const [file, end] of Object.entries({ 'sso-token': '\n', 'sso-token.cmd': '\r\n' })) {
    const script = await readFile(join('src/ssoToken', file), 'utf8');
    await writeFile(join(bin, file), script.replaceAll(/\r?\n/g, end));
  }
  await chmod(join(bin, 'sso-token'), 0o755);
}

/** Bundles `check-setup` for CI pipelines: one file next to the extension's folder, and not part of the extension. */
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
    // The AWS SDK loads Node built-ins with `require`.
    banner: {
      js: "#!/usr/bin/env node\nimport { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);",
    },
  });
}

function mapFirst({ path }) {
  return path.endsWith('.map') ? -1 : 1;
}

/** Converts a part to CommonJS with esbuild's helpers taken from the entry; they would be a fifth of each part. */
async function toCommonJs(name, text) {
  const readable = await transform(text, { ...cjs, minify: false, sourcemap: 'inline', sourcefile: name });
  return transform(withoutHelpers(readable.code), { ...cjs, sourcefile: name });
}

/** Line numbers do not change, so the map stays valid. */
function withoutHelpers(code) {
  // Each helper is a statement that starts and ends at the margin.
  const pattern = /^var (__\w+) = (?:.*;|.*[{(,]\n(?:[ }].*\n)*(?:\}|\)\)?);)$/gm;
  const names = [];
  const blank = code.replaceAll(pattern, (statement, name) => {
    if (name in commonJs) names.push(name);
    return statement.replaceAll(/.+/g, '');
  });
  const asked = names.filter((name) => blank.includes(`${name}(`));
  const left = /\b__(?!esModule\b)[a-z]\w*(?=\()/g;
  const missing = (blank.match(left) ?? []).filter((name) => !asked.includes(name));
  if (missing.length > 0) throw new Error(`A part needs ${missing.join(', ')}: not in ${helpers}`);
  return asked.length === 0
    ? blank
    : `var { ${asked.join(', ')} } = require("./${entry}").asCommonJs;${blank}`;
}

/** A part with an inline source map, for the second pass. */
function withMap(name) {
  const map = Buffer.from(texts.get(`${name}.map`)).toString('base64');
  return `${texts.get(name)}//# sourceMappingURL=data:application/json;base64,${map}\n`;
}

/** Text after replacements, and their positions: `[line, column, added length]`, all relative to the text before. */
function replaced(text, what, put) {
  const moves = [];
  const found = text.replaceAll(what, (call, ...rest) => {
    const other = put(call, ...rest);
    const before = text
      .slice(
        0,
        rest.find((one) => typeof one === 'number'),
      )
      .split('\n');
    moves.push([before.length - 1, before.at(-1).length, other.length - call.length]);
    return other;
  });
  return { text: found, moves };
}

/** Writes the file, and its map next to the folder, adjusted for replacements after the last pass. */
async function writeBoth(name, { text, moves }, map) {
  const { mappings, sources, ...others } = JSON.parse(map);
  const moved = decode(mappings).map((segments, line) => {
    const here = moves.filter(([at]) => at === line);
    return segments.map(([column, ...source]) => {
      const by = here.reduce((sum, [, from, longer]) => (column > from ? sum + longer : sum), 0);
      return [column + by, ...source];
    });
  });
  await writeFile(join(folder, name), text);
  // Relative to the repository, wherever the bundle is written.
  const paths = sources.map((source) => relative('.', join(usual, source)).replaceAll('\\', '/'));
  await writeFile(
    join(maps, `${name}.map`),
    JSON.stringify({ ...others, sources: paths, mappings: encode(moved) }),
  );
}

/**
 * Requires each editor or Node module once per file: VS Code looks up the importing file on disk at each `require`
 * of its API, and wraps the function for all modules. Those required on demand stay where they are. Modules merged
 * into the entry are taken from there.
 */
function withRequires(code) {
  const calls = /require\("([^"]+)"\)/g;
  const isImport = (offset) => /=(?:[\w$]+\()?$/.test(code.slice(Math.max(0, offset - 8), offset));
  const imported = [...code.matchAll(calls)]
    .filter(({ 1: name, index }) => !name.startsWith('./') && isImport(index))
    .map(([, name]) => name);
  const repeated = new Set(imported.filter((name, index) => imported.indexOf(name) < index));
  const variable = (name) => name.replaceAll(/\W/g, '_');
  const { text, moves } = replaced(code, calls, (call, name, offset) => {
    const index = shared.indexOf(name.slice('./'.length));
    if (index >= 0) return `require("./${entry}").part${index}`;
    return repeated.has(name) && isImport(offset) ? variable(name) : call;
  });
  if (repeated.size === 0) return { text, moves };
  const first = `const ${Array.from(repeated, (name) => `${variable(name)}=require("${name}")`).join()};`;
  return { text: `${first}${text}`, moves: [[0, -1, first.length], ...moves] };
}

/** Names of an output and of all outputs that it imports statically. */
function staticImports(path, found = new Set()) {
  if (found.has(basename(path))) return found;
  found.add(basename(path));
  for (const { path: imported, kind, external } of outputs[path].imports)
    if (kind === 'import-statement' && !external) staticImports(imported, found);
  return found;
}

function resolveParts({ onResolve, onLoad }) {
  onResolve({ filter: /commonJs\.mjs$/ }, ({ path }) => ({ path: join(process.cwd(), path) }));
  onResolve({ filter: /.*/ }, ({ path, kind }) =>
    kind !== 'dynamic-import' && atActivation.has(basename(path)) && path.startsWith('./')
      ? { path: basename(path), namespace: 'parts' }
      : { path, external: true },
  );
  onLoad({ filter: /.*/, namespace: 'parts' }, ({ path }) => ({ contents: parts.get(path), loader: 'js' }));
}
