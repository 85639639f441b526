// Runs a program in a process group of its own, and ends the whole group when the process that started it goes away, however it goes:
// the standard input is a pipe that the system closes even after SIGKILL. So a test run that is shot leaves no server behind.
//
// usage: node guard.mjs PROGRAM [arguments]     (started detached: this process leads the group)
import { spawn, spawnSync } from 'node:child_process';

const GRACE_MS = 5000;
const [program, ...programArguments] = process.argv.slice(2);
const child = spawn(program, programArguments, { stdio: ['ignore', 'inherit', 'inherit'] });

function signalGroup(signal) {
  if (process.platform === 'win32') {
    // Windows has no process groups and no polite request; its own tool follows the parents. (Written, not run.)
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
// What the program leaves behind when it ends goes too, this process with it.
child.on('exit', () => signalGroup('SIGKILL'));
