import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { distFolder } from './lib/paths.ts';
import { createSbom } from './lib/sbom.ts';

const file = join(distFolder, 'developer-sign-in.cdx.json');
const bom = createSbom();
mkdirSync(distFolder, { recursive: true });
writeFileSync(file, `${JSON.stringify(bom, undefined, 2)}\n`);
console.log(`${file}: ${bom.components.length} packages`);
