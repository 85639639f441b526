import { writeFormat } from './lib/checks.ts';

process.exitCode = await writeFormat();
