import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** The ID of a process that has ended and was reaped. */
export async function deadProcess(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await once(child, 'exit');
  return child.pid ?? 0;
}
