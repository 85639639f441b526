import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';

/** The part of esbuild's metafile that lists the bundled code. */
const metafileSchema = v.object({
  outputs: v.record(
    v.string(),
    v.object({ inputs: v.record(v.string(), v.object({ bytesInOutput: v.number() })) }),
  ),
});

const packageSchema = v.object({
  name: v.string(),
  version: v.string(),
  license: v.optional(v.string(), ''),
  repository: v.optional(
    v.union([
      v.string(),
      v.pipe(
        v.object({ url: v.string() }),
        v.transform(({ url }) => url),
      ),
    ]),
    '',
  ),
});

/** Where to find packages, and license texts that packages lack. */
export interface NoticePlaces {
  /** The folder that contains `node_modules`. */
  readonly root: string;
  /** License texts for packages that lack one or need one more: `scope+name.txt`. */
  readonly licenses: string;
}

/** Folders of the packages in the bundle, such as `node_modules/valibot`, sorted. */
export function bundledPackages(metafile: unknown): readonly string[] {
  const { outputs } = v.parse(metafileSchema, metafile);
  const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs));
  const folders = inputs.flatMap(([path, { bytesInOutput }]) => {
    const folder = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0];
    return folder === undefined || bytesInOutput === 0 ? [] : [folder];
  });
  return [...new Set(folders)].sort();
}

/**
 * The notices that MIT and Apache-2.0 (section 4) require for bundled code: each package with its version,
 * repository, license and notice files. Packages with the same text are grouped.
 * @throws Error naming each package without a license text
 */
export async function thirdPartyNotices(metafile: unknown, places: NoticePlaces): Promise<string> {
  const headingsOf = new Map<string, string[]>();
  const without: string[] = [];
  for (const folder of bundledPackages(metafile)) {
    const at = join(places.root, folder);
    const about = v.parse(packageSchema, JSON.parse(await readFile(join(at, 'package.json'), 'utf8')));
    const texts = [...(await textsIn(at)), ...(await ownTexts(about.name, places.licenses))];
    if (texts.length === 0) without.push(about.name);
    const text = texts.join('\n\n');
    const repository = about.repository.replace(/^git\+/, '').replace(/\.git$/, '');
    const heading = [`${about.name} ${about.version}`, about.license, repository]
      .filter((part) => part !== '')
      .join(' · ');
    headingsOf.set(text, [...(headingsOf.get(text) ?? []), heading]);
  }
  if (without.length > 0) throw new Error(`Packages without a license text: ${without.join(', ')}`);
  const line = '-'.repeat(80);
  const parts = [...headingsOf].map(
    ([text, headings]) => `${line}\n${headings.join('\n')}\n${line}\n\n${text}\n`,
  );
  return ['Developer Sign-In contains code of the packages below, under their licenses.\n', ...parts].join(
    '\n',
  );
}

/** License and notice files of a package, licenses first. */
async function textsIn(folder: string): Promise<readonly string[]> {
  const names = (await readdir(folder)).filter((name) =>
    /^(?:licen[cs]e|copying|notice)(?:[.-]|$)/i.test(name),
  );
  const texts = await Promise.all(names.sort().map(async (name) => readFile(join(folder, name), 'utf8')));
  return texts.map((text) => text.replaceAll('\r\n', '\n').trim()).filter((text) => text !== '');
}

async function ownTexts(name: string, folder: string): Promise<readonly string[]> {
  const file = `${name.replace('/', '+')}.txt`;
  const names: readonly string[] = await readdir(folder);
  return names.includes(file) ? [(await readFile(join(folder, file), 'utf8')).trim()] : [];
}
