import { spawn } from 'node:child_process';

export interface QuietCommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** For `.cmd` files on Windows. */
  readonly shell?: boolean;
}

const PROGRESS_EVERY_MS = 10_000;

/**
 * Runs a long program with verbose output: prints its purpose, progress every ten seconds, and its duration.
 * @throws an Error with the end of its output on failure
 */
export async function runQuietly(
  what: string,
  command: string,
  commandArguments: readonly string[],
  options: QuietCommandOptions = {},
): Promise<void> {
  console.log(`${what} …`);
  const started = Date.now();
  const seconds = () => Math.round((Date.now() - started) / 1000);
  const progress = setInterval(() => console.log(`  … ${seconds()} s`), PROGRESS_EVERY_MS);
  try {
    await run(command, commandArguments, options);
    console.log(`  done in ${seconds()} s`);
  } finally {
    clearInterval(progress);
  }
}

async function run(
  command: string,
  commandArguments: readonly string[],
  options: QuietCommandOptions,
): Promise<void> {
  const child = spawn(command, commandArguments, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output.push(text);
    });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code === 0) return;
  const end = output.join('').trimEnd().split('\n').slice(-40).join('\n');
  throw new Error(`${[command, ...commandArguments].join(' ')} ended with ${code ?? 'a signal'}:\n${end}`);
}
