import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { promisify } from 'node:util';
import { codeOf } from './systemFile.ts';
import { powershellIn, windowsFolder } from './windowsFolder.ts';

const run = promisify(execFile);

/** Identifies a process even if its ID is reused later, within its {@link ProcessPlace}. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Start time in the system's own format; '' if the system does not report it. */
  readonly startedAt: string;
}

/** The scope of a process ID: elsewhere the same number is another process, or none. */
export interface ProcessPlace {
  readonly host: string;
  /** ID of this boot; '' if only the host name tells machines apart. */
  readonly boot: string;
  /** The PID and time namespaces of Linux (pid_namespaces(7), time_namespaces(7)); '' elsewhere. */
  readonly namespace: string;
}

let own: Promise<ProcessIdentity & ProcessPlace> | undefined;

/** This process and its place. */
export function ownIdentity(): Promise<ProcessIdentity & ProcessPlace> {
  own ??= Promise.all([startOf(process.pid), ownPlace()]).then(([startedAt, place]) => ({
    pid: process.pid,
    startedAt: startedAt ?? '',
    ...place,
  }));
  return own;
}

/** Whether process IDs of one place are meaningful in the other. */
export function isSamePlace(one: ProcessPlace, other: ProcessPlace): boolean {
  if (one.boot === '' && other.boot === '') return one.host === other.host;
  return one.boot === other.boot && one.namespace === other.namespace;
}

/** Whether any process has this ID. */
export function isIdTaken(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) !== 'ESRCH'; // EPERM means a process of another user.
  }
}

/** Whether this very process still runs; true when in doubt. */
export async function isAlive({ pid, startedAt }: ProcessIdentity): Promise<boolean> {
  if (!isIdTaken(pid)) return false;
  if (startedAt === '') return true;
  const now = await startOf(pid, startedAt);
  return now === undefined || now === startedAt;
}

/** Prefix of start times in UTC, which do not depend on the current time zone: a laptop may wake up in another one. */
const inUtc = 'UTC ';

/**
 * The start time of a process; undefined if it is unknown or the process is gone. An earlier version of this
 * product omitted {@link inUtc}: pass an existing value as `like` to get the same format.
 */
async function startOf(pid: number, like = inUtc): Promise<string | undefined> {
  try {
    switch (process.platform) {
      case 'linux': {
        // A /proc of another PID namespace has other process IDs.
        if ((await readlink('/proc/self')) !== String(process.pid)) return undefined;
        // Field 22 of proc(5), clock ticks since boot; counted after the name, which may contain anything.
        const line = await readFile(`/proc/${pid}/stat`, 'utf8');
        const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
        if (fields[0] === 'Z' || fields[0] === 'X') return 'ended';
        return `${await bootId()} ${fields[19] ?? ''}`;
      }
      case 'darwin': {
        const isInUtc = like.startsWith(inUtc);
        const env = { LC_ALL: 'C', ...(isInUtc ? { TZ: 'UTC' } : {}) };
        const { stdout } = await run('/bin/ps', ['-o', 'lstart=', '-p', String(pid)], { env });
        return `${isInUtc ? inUtc : ''}${stdout.trim()}`;
      }
      case 'win32':
        return await startOnWindows(pid);
      default:
        return undefined;
    }
  } catch {
    return undefined;
  }
}

/**
 * The start time of a process, from Windows PowerShell. Without `windowsHide`, a console would appear: the
 * extension host has none.
 */
export async function startOnWindows(
  pid: number,
  execute: (
    file: string,
    args: readonly string[],
    options: { readonly windowsHide: boolean; readonly timeout: number },
  ) => Promise<{ readonly stdout: string }> = run,
): Promise<string | undefined> {
  const command = `(Get-Process -Id ${pid}).StartTime.ToFileTimeUtc()`;
  const args = ['-NoProfile', '-NonInteractive', '-Command', command];
  const { stdout } = await execute(powershellIn(windowsFolder()), args, {
    windowsHide: true,
    timeout: 20_000,
  });
  return /^\s*(\d+)\s*$/.exec(stdout)?.[1];
}

async function ownPlace(): Promise<ProcessPlace> {
  const host = hostname();
  try {
    switch (process.platform) {
      case 'linux': {
        const time = await readlink('/proc/self/ns/time').catch(() => ''); // Since Linux 5.6.
        return {
          host,
          boot: await bootId(),
          namespace: `${await readlink('/proc/self/ns/pid')} ${time}`.trim(),
        };
      }
      case 'darwin': {
        const { stdout } = await run('/usr/sbin/sysctl', ['-n', 'kern.bootsessionuuid']);
        return { host, boot: stdout.trim(), namespace: '' };
      }
      default:
        return { host, boot: '', namespace: '' };
    }
  } catch {
    // A unique place, in which no other process can be judged.
    return { host, boot: `unknown ${randomUUID()}`, namespace: '' };
  }
}

let boot: string | undefined;

/** Read once: each window that waits for a lock asks again and again whether its holder lives. */
async function bootId(): Promise<string> {
  boot ??= (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
  return boot;
}
