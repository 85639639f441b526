import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFormat } from './lib/checks.ts';
import { coverageFile, coverageTable } from './lib/coverage/coverageTable.ts';
import { writeManifest } from './lib/manifest.ts';
import { projectRoot } from './lib/paths.ts';

writeManifest();
writeFileSync(join(projectRoot, coverageFile), await coverageTable());
process.exitCode = await writeFormat();
