import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { mapStack } from './lib/mapStack.ts';
import { distFolder } from './lib/paths.ts';

// npm run --silent map-stack -- trace.txt, or with the trace on standard input; --maps names a release's
// `source-maps` folder.
const { values, positionals } = parseArgs({
  options: { maps: { type: 'string' } },
  allowPositionals: true,
});
const maps = values.maps ?? join(distFolder, 'source-maps');

if (existsSync(maps)) {
  process.stdout.write(mapStack(readFileSync(positionals[0] ?? 0, 'utf8'), maps));
} else {
  console.error(`${maps} is missing: npm run package makes it, and each release has its own to download.`);
  process.exitCode = 1;
}
