import { existsSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/**
 * JavaScript replacements for the two native packages that code-server requires and that lack prebuilt binaries:
 * compiling them needs Python, make and a C++ compiler, which nothing else here needs.
 */
const STUBS: Readonly<Record<string, string>> = {
  // Log files: one line per call in VS Code's format, without rotation.
  '@vscode/spdlog': `
const fs = require('node:fs');
const path = require('node:path');

const names = ['trace', 'debug', 'info', 'warning', 'error', 'critical'];
const two = (number, digits = 2) => String(number).padStart(digits, '0');

class Logger {
  #level = 2;
  #isPlain = false;
  #file;
  constructor(type, name, file) {
    this.#file = fs.openSync(file, 'a');
  }
  #write(level, message) {
    if (level < this.#level || this.#file === undefined) return;
    const now = new Date();
    const day = [now.getFullYear(), two(now.getMonth() + 1), two(now.getDate())].join('-');
    const time = [now.getHours(), now.getMinutes(), now.getSeconds()].map((one) => two(one)).join(':');
    const before = this.#isPlain ? '' : \`\${day} \${time}.\${two(now.getMilliseconds(), 3)} [\${names[level]}] \`;
    fs.writeSync(this.#file, \`\${before}\${message}\${this.#isPlain ? '' : '\\n'}\`);
  }
  trace(message) { this.#write(0, message); }
  debug(message) { this.#write(1, message); }
  info(message) { this.#write(2, message); }
  warn(message) { this.#write(3, message); }
  error(message) { this.#write(4, message); }
  critical(message) { this.#write(5, message); }
  getLevel() { return this.#level; }
  setLevel(level) { this.#level = level; }
  setPattern() { this.#isPlain = false; }
  clearFormatters() { this.#isPlain = true; }
  flush() {}
  drop() {
    if (this.#file !== undefined) fs.closeSync(this.#file);
    this.#file = undefined;
  }
}

async function create(type, name, file) {
  await fs.promises.mkdir(path.dirname(file), { recursive: true });
  return new Logger(type, name, file);
}

exports.version = 0;
exports.setLevel = () => {};
exports.setFlushOn = () => {};
exports.Logger = Logger;
exports.createRotatingLogger = (name, file) => create('rotating', name, file);
exports.createAsyncRotatingLogger = (name, file) => create('rotating_async', name, file);
`,
  // Ends an extension host whose server has ended.
  '@vscode/native-watchdog': `
exports.start = (pid) => {
  const look = () => {
    try {
      process.kill(pid, 0);
    } catch (error) {
      if (error.code === 'ESRCH') process.exit(87);
    }
  };
  setInterval(look, 1000).unref();
};
exports.exit = (code) => process.exit(code || 0);
`,
};

/** @param workbench the folder `lib/vscode` of code-server, with its packages */
export function writeNativeStubs(workbench: string): void {
  for (const [name, source] of Object.entries(STUBS)) {
    // In VS Code 1.105, native-watchdog has no scope.
    const names = [name, basename(name)];
    const entry = names.map((one) => join(workbench, 'node_modules', one, 'index.js')).find(existsSync);
    // Fail here, and not in a server that does not start, if a package is gone or has a different entry
    // point.
    if (entry === undefined) throw new Error(`code-server has no ${name}/index.js any more.`);
    writeFileSync(entry, source.trimStart());
  }
}
