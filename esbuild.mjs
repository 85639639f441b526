import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { build, transform } from 'esbuild';

/**
 * Bundles the extension into `dist`. What is loaded on first use (`import()`) becomes a file of its own. VS Code
 * loads CommonJS, but esbuild splits only ES modules: so it splits first, and each part is turned into CommonJS
 * after that. `dist/meta.json` says what is in each file.
 */
await rm('dist/extension', { recursive: true, force: true });
const bundle = await build({
  entryPoints: { extension: 'src/extension.ts' },
  outdir: 'dist/extension',
  outExtension: { '.js': '.cjs' },
  chunkNames: '[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  mainFields: ['module', 'main'],
  conditions: ['import', 'node'],
  target: 'node22',
  external: ['vscode'],
  minify: true,
  legalComments: 'none',
  metafile: true,
  write: false,
});
for (const { path, text } of bundle.outputFiles) {
  const { code } = await transform(text, {
    format: 'cjs',
    platform: 'node',
    target: 'node22',
    minify: true,
    supported: { 'dynamic-import': false },
  });
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, code);
}
await writeFile('dist/meta.json', JSON.stringify(bundle.metafile));
