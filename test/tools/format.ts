import { writeFormat } from './lib/checks.ts';
import { writeManifest } from './lib/manifest.ts';

writeManifest();
process.exitCode = await writeFormat();
