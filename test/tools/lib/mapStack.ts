import { existsSync, readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { join } from 'node:path';

/** A place in a file of the bundle, however a stack trace writes the folder before it. */
const PLACE = /(?:[^\s(]*[/\\])?(?<file>[\w-]+\.cjs):(?<line>\d+):(?<column>\d+)/g;

/**
 * A stack trace with places in `src` instead of in the bundle. What has no map stays as it is.
 * @param maps the folder `source-maps` of the build that the trace is from
 */
export function mapStack(trace: string, maps: string): string {
  const known = new Map<string, SourceMap | undefined>();
  const mapOf = (file: string): SourceMap | undefined => {
    if (!known.has(file)) known.set(file, readMap(join(maps, `${file}.map`)));
    return known.get(file);
  };
  return trace.replaceAll(PLACE, (place: string, file: string, line: string, column: string) => {
    const origin = mapOf(file)?.findOrigin(Number(line), Number(column));
    if (origin === undefined || !('fileName' in origin)) return place;
    return `${origin.fileName}:${origin.lineNumber}:${origin.columnNumber}`;
  });
}

function readMap(path: string): SourceMap | undefined {
  if (!existsSync(path)) return undefined;
  return new SourceMap(JSON.parse(readFileSync(path, 'utf8')) as SourceMapPayload);
}
