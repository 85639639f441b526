import { existsSync, readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { join } from 'node:path';

/** A position in a bundled file, whatever form the stack trace uses for its folder. */
const PLACE = /(?:[^\s(]*[/\\])?(?<file>[\w-]+\.cjs):(?<line>\d+):(?<column>\d+)/g;

/**
 * Maps a stack trace from the bundle back to `src`. Positions without a map are unchanged.
 * @param maps the `source-maps` folder of the build that produced the trace
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
