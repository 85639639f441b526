// Entry point of every npm script: `node test/tools/run.mjs <task> [arguments]`.
// Plain JavaScript without dependencies, because it runs before anything is installed and under any Node (20
// or newer). It installs what is missing, then runs `test/tools/<task>.ts` under the Node 24 of the npm
// package `node`, so that everything else can rely on one version.
import { spawn } from 'node:child_process';
import {
  accessSync,
  constants as files,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, '../..');
const modules = join(root, 'node_modules');

/** Logs to standard error: standard output belongs to the task and may be read by a program. */
const ASIDE = [0, 2, 2];

function fail(message) {
  console.error(message);
  process.exit(1);
}

function requireNode20() {
  if (Number(process.versions.node.split('.')[0]) >= 20) return;
  fail(
    `Developer Sign-In's scripts need Node 20 or newer to start; this is ${process.version} (${process.execPath}).\n` +
      'Install a newer Node, open a new terminal and run the same command again.',
  );
}

function requestedTask() {
  const tasks = readdirSync(here)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => name.slice(0, -'.ts'.length));
  const [task, ...taskArguments] = process.argv.slice(2);
  if (!tasks.includes(task))
    fail(
      `${task ? `Unknown task "${task}".` : 'Which task?'} Tasks: ${tasks.join(', ')}.\n` +
        'Usage: node test/tools/run.mjs <task> [arguments]',
    );
  return { task, file: join(here, `${task}.ts`), taskArguments };
}

/** Tasks that drive a browser, which npm cannot install. */
const BROWSER_TASKS = ['test', 'test-host', 'test-editors', 'test-theia', 'bench', 'pictures'];

/** Warns before anything is downloaded; `npm test` still runs everything that does not need a browser. */
function lookForBrowser(task) {
  if (!BROWSER_TASKS.includes(task) || process.env.CHROMIUM) return;
  const { names, places } = JSON.parse(readFileSync(join(root, 'test/host/browsers.json'), 'utf8'));
  const endings = process.platform === 'win32' ? ['.exe', '.cmd'] : [''];
  const isProgram = (path) => {
    try {
      accessSync(path, files.X_OK);
      return true;
    } catch {
      return false;
    }
  };
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  const onPath = (name) =>
    folders.some((folder) => endings.some((ending) => isProgram(join(folder, name + ending))));
  if ((places[process.platform] ?? []).some(isProgram) || names.some(onPath)) return;
  // On Debian, root installs it later.
  const hasApt = onPath('apt-get');
  if (hasApt && process.getuid?.() === 0) return;
  const how = hasApt
    ? ':\n  sudo apt-get update && sudo apt-get install -y --no-install-recommends chromium'
    : '.';
  const text =
    'Missing on this machine: chromium, or another browser of its family (the host tests drive a browser; CHROMIUM may\n' +
    `name one). Install it and run the same command again${how}`;
  if (task !== 'test') fail(text);
  console.error(`${text}\nTests that do not need a browser run now.\n`);
}

function packagesIn(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/**
 * Why an installation is needed, or undefined. Compares the lock file with the record that npm writes at the end
 * of an installation, so that packages added with `npm install` are not installed again.
 */
function reasonToInstall() {
  if (!existsSync(modules)) return 'nothing is installed yet';
  const installed = packagesIn(join(modules, '.package-lock.json'));
  if (!installed) return 'the last installation did not complete';
  const wanted = packagesIn(join(root, 'package-lock.json'));
  if (!wanted) fail('package-lock.json is missing or unreadable: restore it from the repository.');
  const differs = ([path, { version, integrity, optional }]) => {
    if (path === '') return false;
    const found = installed[path];
    if (!found) return !optional;
    return found.version !== version || found.integrity !== integrity;
  };
  return Object.entries(wanted).some(differs) ? 'package-lock.json has changed since' : undefined;
}

/** The Node that npm itself runs under: inside `npm run`, the plain `node` may be the one about to be replaced. */
function nodeOutsideModules() {
  const candidates = [process.env.npm_node_execpath, process.execPath];
  return candidates.find((path) => path && existsSync(path) && !resolve(path).startsWith(modules + sep));
}

/** @returns the exit code of npm, or null */
function runNpm(npmArguments) {
  const script = process.env.npm_execpath;
  const node = nodeOutsideModules();
  if (node && script && /\.c?js$/.test(script) && existsSync(script))
    return run(node, [script, ...npmArguments]);
  // `npm` is a .cmd file on Windows, which only a shell can start.
  return run(`npm ${npmArguments.join(' ')}`, [], { shell: true });
}

async function npm(npmArguments) {
  const status = await runNpm(npmArguments).catch((error) =>
    fail(`npm could not be started: ${error.message}`),
  );
  if (status !== 0)
    fail(
      `npm ${npmArguments.join(' ')} failed; see its message above. Fix the problem, then run the same command again.`,
    );
}

/** Programs that run before the task, each in its own process group. */
const begun = new Set();
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * npm sends a signal only to the shell that runs a script, which does not forward it. Detects the end of that
 * shell, and ends this process too.
 * @param end handles the signal
 */
function followShell(end) {
  if (process.env.npm_lifecycle_event === undefined) return;
  const shell = process.ppid;
  const look = () => {
    if (process.ppid === shell) return;
    clearInterval(timer);
    end('SIGTERM');
  };
  const timer = setInterval(look, 500);
  timer.unref();
}

/** Starts a program; a signal to this process ends it and its children. @returns its exit code, or null */
function run(command, commandArguments, options = {}) {
  const detached = process.platform !== 'win32';
  const child = spawn(command, commandArguments, { cwd: root, stdio: ASIDE, detached, ...options });
  begun.add(child);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', resolve);
  }).finally(() => begun.delete(child));
}

function endWhatWasBegun(signal) {
  for (const { pid } of begun) {
    try {
      process.kill(process.platform === 'win32' ? pid : -pid, 'SIGTERM');
    } catch {
      // Already exited.
    }
  }
  process.exit(128 + constants.signals[signal]);
}

/**
 * On a fresh clone, `npm start` also needs VS Code: install it while packages are installed. On any failure, the task
 * itself tries again and reports it.
 */
async function installHostMeanwhile() {
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  const isNeeded = process.platform === 'linux' && !DISPLAY && !WAYLAND_DISPLAY;
  if (!isNeeded || !reasonToInstall()) return;
  const temporary = mkdtempSync(join(tmpdir(), 'node-'));
  try {
    const node = await nodeForHost(temporary);
    if (node) await run(node, [join(root, 'test/host/installHostNow.ts')]);
  } catch {
    // See above.
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/**
 * Node 24: npm selects the packages of VS Code for the Node that it runs under, and an older Node cannot run the installer.
 * npm keeps the download, so the packages that need the same one do not repeat it.
 */
async function nodeForHost(temporary) {
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  const name = `node-linux-${process.arch}`;
  const version = packagesIn(join(root, 'package-lock.json'))?.['node_modules/node']?.version;
  const quiet = ['--ignore-scripts', '--no-save', '--no-audit', '--no-fund', '--silent'];
  const status = await runNpm(['install', '--prefix', temporary, ...quiet, `${name}@${version}`]);
  return status === 0 ? join(temporary, 'node_modules', name, 'bin/node') : undefined;
}

async function installWhatIsMissing() {
  const reason = reasonToInstall();
  if (!reason) return;
  console.error(`Installing npm packages: ${reason}. This can take a few minutes …`);
  const started = Date.now();
  // Show errors only: warnings are about packages that need a newer Node, which is being installed.
  await npm(['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error']);
  console.error(`Installed in ${Math.round((Date.now() - started) / 1000)} s.\n`);
}

function installedNode() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  return [join(modules, 'node', 'bin', name), join(modules, '.bin', name)].find((path) => existsSync(path));
}

async function node24() {
  const found = installedNode();
  if (found) return found;
  // If install scripts are disabled, the package is there without the executable that its script creates.
  console.error('The npm package "node" has no executable yet: running its install script…');
  await npm(['rebuild', 'node', 'esbuild', '--ignore-scripts=false']);
  return (
    installedNode() ??
    fail(
      'The npm package "node" did not install an executable: delete node_modules and run the same command again.',
    )
  );
}

function handOver(node, file, taskArguments) {
  const task = spawn(node, [file, ...taskArguments], { cwd: root, stdio: 'inherit' });
  endNow = (signal) => task.kill(signal);
  for (const signal of SIGNALS) {
    process.off(signal, endWhatWasBegun);
    process.on(signal, () => {
      // The terminal already sends Ctrl-C to the task; a second one would mean "stop immediately".
      if (signal !== 'SIGINT' || !process.stdin.isTTY) task.kill(signal);
    });
  }
  task.on('error', (error) => fail(`${node} could not be started: ${error.message}`));
  task.on('exit', (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : code));
}

requireNode20();
let endNow = endWhatWasBegun;
for (const signal of SIGNALS) process.on(signal, endWhatWasBegun);
followShell((signal) => endNow(signal));
const { task, file, taskArguments } = requestedTask();
lookForBrowser(task);
const host = task === 'start' ? installHostMeanwhile() : undefined;
await installWhatIsMissing();
await host;
handOver(await node24(), file, taskArguments);
