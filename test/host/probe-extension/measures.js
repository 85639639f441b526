// What only a program inside the extension host can measure, for `npm run bench`: commands named `probe.…`.
const fs = require('node:fs');
const v8 = require('node:v8');
const vm = require('node:vm');
const { setTimeout: sleep } = require('node:timers/promises');
const vscode = require('vscode');

/** VS Code's own account of this start, as the person sees it after "Developer: Startup Performance". */
async function startupReport() {
  await vscode.commands.executeCommand('perfview.show');
  for (let left = 100; left > 0; left -= 1) {
    const text = vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'perf')?.getText() ?? '';
    if (text.includes('Extension Activation Stats')) return text;
    await sleep(100);
  }
  throw new Error('VS Code showed no startup report.');
}

/** Extension id -> how long Node took to load its code, in milliseconds, by VS Code's performance marks. */
async function codeLoads() {
  const marks = new Map(
    globalThis.MonacoPerformanceMarks.getMarks().map(({ name, startTime }) => [name, startTime]),
  );
  const did = 'code/extHost/didLoadExtensionCode/';
  const ids = [...marks.keys()].filter((name) => name.startsWith(did)).map((name) => name.slice(did.length));
  const loadOf = (id) => marks.get(did + id) - marks.get(`code/extHost/willLoadExtensionCode/${id}`);
  return Object.fromEntries(ids.map((id) => [id, loadOf(id)]));
}

/** { folder } -> the scripts that were loaded from it, with the size in bytes of each. All extensions here share one cache. */
async function loadedScripts({ folder }) {
  return Object.keys(require.cache)
    .filter((file) => file.startsWith(folder))
    .map((file) => ({ file, bytes: fs.statSync(file).size }));
}

/**
 * { providerId, scopes, calls, patienceMs } -> how long each call of getSession took, in milliseconds, one after the other; fewer
 * calls when the time is up.
 */
async function timeGetSession({ providerId, scopes, calls, patienceMs }) {
  const durations = [];
  const deadline = performance.now() + patienceMs;
  while (durations.length < calls && performance.now() < deadline) {
    const started = performance.now();
    const session = await vscode.authentication.getSession(providerId, scopes, { silent: true });
    durations.push(performance.now() - started);
    if (!session) throw new Error('There is no session to ask for.');
  }
  return durations;
}

/** { ids } -> for each extension, activated in this order: what its activation left on the heap, in bytes. */
async function heapOfActivations({ ids }) {
  const grown = [];
  let before = await settledHeap();
  for (const id of ids) {
    const extension = vscode.extensions.getExtension(id);
    if (!extension || extension.isActive) throw new Error(`${id} is not there to be activated.`);
    await extension.activate();
    const after = await settledHeap();
    grown.push({ id, bytes: after - before });
    before = after;
  }
  return grown;
}

/** Bytes in use on the V8 heap without garbage, once two looks, half a second apart, differ by less than 16 KB. */
async function settledHeap() {
  v8.setFlagsFromString('--expose-gc');
  const collect = vm.runInNewContext('gc');
  let last = Number.NaN;
  for (let left = 20; left > 0; left -= 1) {
    await sleep(500);
    for (let round = 0; round < 3; round += 1) collect();
    const used = v8.getHeapStatistics().used_heap_size;
    if (Math.abs(used - last) < 16 * 1024) return used;
    last = used;
  }
  throw new Error('The heap does not come to rest.');
}

const measures = { startupReport, codeLoads, loadedScripts, timeGetSession, heapOfActivations };

exports.registerMeasures = () =>
  Object.entries(measures).map(([name, measure]) =>
    vscode.commands.registerCommand(`probe.${name}`, measure),
  );
