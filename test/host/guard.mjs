// Runs a program in a separate process group, and ends the whole group when the process that started it ends
// in any way: it detects the end of standard input, which the system closes even after SIGKILL. A killed test
// run therefore leaves no servers behind.
// usage: node guard.mjs PROGRAM [arguments]     (start it detached: this process leads the group)
import { spawn, spawnSync } from 'node:child_process';

const GRACE_MS = 5000;
const [program, ...programArguments] = process.argv.slice(2);
const child = spawn(program, programArguments, { stdio: ['ignore', 'inherit', 'inherit'] });

function signalGroup(signal) {
  if (process.platform === 'win32') {
    // Windows has neither process groups nor a graceful signal; taskkill follows the parent IDs. (Untested.)
    spawnSync('taskkill', ['/pid', String(child.pid), '/T', '/F']);
    process.exit(0);
  }
  process.kill(-process.pid, signal);
}

let stopping = false;
function stop() {
  if (stopping) return;
  stopping = true;
  signalGroup('SIGTERM');
  setTimeout(() => signalGroup('SIGKILL'), GRACE_MS);
}

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, stop);
process.stdin.on('error', stop).on('close', stop).resume();
child.on('error', (error) => {
  console.error(`${program} could not be started: ${error.message}`);
  process.exit(127);
});
// Ends processes that the program left behind, including this one.
child.on('exit', () => signalGroup('SIGKILL'));
