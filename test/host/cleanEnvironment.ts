/**
 * What a surrounding VS Code, npm or desktop says in the environment, and what would lead the extension or code-server
 * elsewhere than the test means: a host starts from none of it.
 */
const LEFT_OUT =
  /^(VSCODE_|npm_|ELECTRON_|CODE_SERVER_|XDG_|AWS_|VITEST|(NODE_OPTIONS|NODE_ENV|NODE_PATH|PORT|PASSWORD|HASHED_PASSWORD|BROWSER|DEV|TEST)$)/;

/** This process's environment without that, and with `changes`. */
export function cleanEnvironment(changes: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !LEFT_OUT.test(name));
  return { ...Object.fromEntries(kept), ...changes };
}
