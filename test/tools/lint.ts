import { lint } from './lib/checks.ts';

process.exitCode = await lint(process.argv.slice(2));
