/**
 * Environment variables of a surrounding VS Code, npm or desktop that would change the behavior of the extension
 * or code-server. Hosts start without them.
 */
const LEFT_OUT =
  /^(VSCODE_|npm_|ELECTRON_|CODE_SERVER_|XDG_|AWS_|VITEST|(NODE_OPTIONS|NODE_ENV|NODE_PATH|PORT|PASSWORD|HASHED_PASSWORD|BROWSER|DEV|TEST)$)/;

/** This process's environment without those variables, with `changes` applied. */
export function cleanEnvironment(changes: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !LEFT_OUT.test(name));
  return { ...Object.fromEntries(kept), ...changes };
}
