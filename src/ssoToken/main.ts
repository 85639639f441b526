import { exitCodes } from '../features/terminalProtocol.ts';
import { parseArguments } from './arguments.ts';
import { askEditor } from './askEditor.ts';
import { help } from './help.ts';
import { readGitRequest } from './gitRequest.ts';
import { printed } from './printed.ts';

/** The program `sso-token`: prints the answer, and returns its exit code. */
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
  return text === undefined ? fail(exitCodes.failed, 'The editor answered something else.') : print(text);
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

function fail(exitCode: number, message: string): number {
  process.stderr.write(`sso-token: ${message}\n`);
  return exitCode;
}

// What reads the output may have ended, as `head` does.
process.stdout.on('error', () => undefined);
void main().then((exitCode) => {
  process.exitCode = exitCode;
});
