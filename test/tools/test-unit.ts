import { runVitest } from './lib/vitest.ts';

process.exitCode = (await runVitest('unit', { arguments: process.argv.slice(2) })).exitCode;
