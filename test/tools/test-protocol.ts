import { runVitest } from './lib/vitest.ts';

process.exitCode = (await runVitest('protocol', { arguments: process.argv.slice(2) })).exitCode;
