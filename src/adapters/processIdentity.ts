import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { codeOf } from './systemFile.ts';

const run = promisify(execFile);

/** A process that cannot be mistaken for a later one with the same id. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in the system's own terms; '' where the system does not tell. */
  readonly startedAt: string;
}

let own: Promise<ProcessIdentity> | undefined;

/** This process. */
export function ownIdentity(): Promise<ProcessIdentity> {
  own ??= startOf(process.pid).then((startedAt) => ({ pid: process.pid, startedAt: startedAt ?? '' }));
  return own;
}

/** Whether any process has this id. */
export function isIdTaken(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) !== 'ESRCH'; // EPERM is a process too, of somebody else.
  }
}

/** Whether that very process still runs; when in doubt, yes. */
export async function isAlive({ pid, startedAt }: ProcessIdentity): Promise<boolean> {
  if (!isIdTaken(pid)) return false;
  if (startedAt === '') return true;
  const now = await startOf(pid);
  return now === undefined || now === startedAt;
}

/** The start of a process; undefined where it cannot be told or the process is gone meanwhile. */
async function startOf(pid: number): Promise<string | undefined> {
  try {
    switch (process.platform) {
      case 'linux': {
        // Field 22 of proc(5), counted behind the name, which may hold anything: clock ticks since boot.
        const line = await readFile(`/proc/${pid}/stat`, 'utf8');
        const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
        if (fields[0] === 'Z' || fields[0] === 'X') return 'ended';
        const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
        return `${boot.trim()} ${fields[19] ?? ''}`;
      }
      case 'darwin':
        return (
          await run('/bin/ps', ['-o', 'lstart=', '-p', String(pid)], { env: { LC_ALL: 'C' } })
        ).stdout.trim();
      case 'win32': {
        const command = `(Get-Process -Id ${pid}).StartTime.ToFileTimeUtc()`;
        return (await run('powershell.exe', ['-NoProfile', '-Command', command])).stdout.trim();
      }
      default:
        return undefined;
    }
  } catch {
    return undefined;
  }
}
