import { runProgram } from './program.ts';

const stop = new AbortController();
process.once('SIGINT', () => stop.abort(new Error('Interrupted.')));

process.exitCode = await runProgram(process.argv.slice(2), {
  env: process.env,
  print: (text) => process.stdout.write(text),
  printError: (text) => process.stderr.write(text),
  signal: stop.signal,
});
