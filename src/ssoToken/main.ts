import { exitCodes } from '../features/terminalProtocol.ts';
import { parseArguments } from './arguments.ts';
import { askEditor } from './askEditor.ts';
import { help } from './help.ts';
import { readGitRequest } from './gitRequest.ts';
import { printed } from './printed.ts';

/** Runs `sso-token`: prints the answer, and returns the exit code. */
async function main(): Promise<number> {
  const call = parseArguments(process.argv.slice(2));
  if (call.does === 'help') return print(help);
  if (call.does === 'refuse') return fail(exitCodes.usage, `${call.why} See sso-token --help.`);
  if (call.does === 'nothing') return 0;
  const { username, ...git } = call.format === 'gitCredential' ? await readGitRequest(process.stdin) : {};
  const answer = await askEditor({ ...call.request, ...git }, process.env, () => {
    if (process.stderr.isTTY) process.stderr.write('Waiting for the editor. Press Ctrl+C to stop.\n');
  });
  if (answer.failure !== undefined) return fail(answer.failure.exitCode, answer.failure.message);
  const text = printed(call.format, answer, process.env, username);
  return text === undefined ? fail(exitCodes.failed, 'The editor sent an unexpected response.') : print(text);
}

/**
 * Writes to standard output and resolves with the exit code. A reader that ended, such as `head`, is fine; a
 * full disk is an error.
 */
function print(text: string): Promise<number> {
  return new Promise((resolve) => {
    process.stdout.write(text, (error: NodeJS.ErrnoException | null | undefined) => {
      if (error === null || error === undefined || error.code === 'EPIPE') resolve(0);
      else resolve(fail(exitCodes.failed, `The output can’t be written (${error.code ?? error.name}).`));
    });
  });
}

function fail(exitCode: number, message: string): number {
  process.stderr.write(`sso-token: ${message}\n`);
  return exitCode;
}

// Each write to standard output reports its own error; the exit code matters more than an explanation that can't be written.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
void main()
  .catch(() => fail(exitCodes.failed, 'The editor’s response can’t be read. Open a new terminal.'))
  .then((exitCode) => {
    process.exitCode = exitCode;
  });
