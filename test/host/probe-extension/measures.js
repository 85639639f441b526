// Measurements for `npm run bench` that need code in the extension host: commands named `probe.…`.
const fs = require('node:fs');
const v8 = require('node:v8');
const vm = require('node:vm');
const { setTimeout: sleep } = require('node:timers/promises');
const vscode = require('vscode');

/** VS Code's own measurement of this start, as in "Developer: Startup Performance". */
async function startupReport() {
  await vscode.commands.executeCommand('perfview.show');
  for (let left = 100; left > 0; left -= 1) {
    const text = vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'perf')?.getText() ?? '';
    if (text.includes('Extension Activation Stats')) return text;
    await sleep(100);
  }
  throw new Error('VS Code showed no startup report.');
}

/** Extension ID -> milliseconds that Node took to load its code, from VS Code's performance marks. */
async function codeLoads() {
  const marks = new Map(
    globalThis.MonacoPerformanceMarks.getMarks().map(({ name, startTime }) => [name, startTime]),
  );
  const did = 'code/extHost/didLoadExtensionCode/';
  const ids = [...marks.keys()].filter((name) => name.startsWith(did)).map((name) => name.slice(did.length));
  const loadOf = (id) => marks.get(did + id) - marks.get(`code/extHost/willLoadExtensionCode/${id}`);
  return Object.fromEntries(ids.map((id) => [id, loadOf(id)]));
}

/** { folder } -> loaded scripts below it, with their size in bytes. All extensions share one cache. */
async function loadedScripts({ folder }) {
  return Object.keys(require.cache)
    .filter((file) => file.startsWith(folder))
    .map((file) => ({ file, bytes: fs.statSync(file).size }));
}

/**
 * { requests: { providerId, scopes }[], calls, patienceMs } -> the durations of getSession calls for each
 * request, in milliseconds. Requests alternate, so that other load affects all equally; stops early when the time
 * is up.
 */
async function timeGetSession({ requests, calls, patienceMs }) {
  const durations = requests.map(() => []);
  const deadline = performance.now() + patienceMs;
  for (let call = 0; call < calls && performance.now() < deadline; call += 1) {
    // The first call of a round waits for leftover work of the previous one: rotate, so that each is first
    // equally often.
    for (let turn = 0; turn < requests.length; turn += 1) {
      const which = (turn + call) % requests.length;
      const { providerId, scopes } = requests[which];
      const started = performance.now();
      const session = await vscode.authentication.getSession(providerId, scopes, { silent: true });
      durations[which].push(performance.now() - started);
      if (!session) throw new Error(`${providerId} has no session.`);
    }
  }
  return durations;
}

let constant;

/** Registers the reference provider, which only returns the session that it created. */
async function registerConstantProvider() {
  const changed = new vscode.EventEmitter();
  const sessions = [];
  constant = vscode.authentication.registerAuthenticationProvider('probe-constant', 'Constant', {
    onDidChangeSessions: changed.event,
    getSessions: async () => sessions,
    createSession: async (scopes) => {
      const session = {
        id: 'constant',
        accessToken: 'x'.repeat(600),
        account: { id: 'constant', label: 'Constant' },
        scopes,
      };
      sessions.push(session);
      changed.fire({ added: [session], removed: [], changed: [] });
      return session;
    },
    removeSession: async () => undefined,
  });
}

async function dropConstantProvider() {
  constant?.dispose();
}

/** The reference command for sign-ins: shows a list and opens a page at once. */
async function showAndOpen() {
  const pick = vscode.window.createQuickPick();
  pick.title = 'SHOW-OPEN';
  pick.items = [{ label: 'One' }, { label: 'Two' }, { label: 'Three' }];
  pick.onDidHide(() => pick.dispose());
  pick.show();
  await vscode.env.openExternal(vscode.Uri.parse('https://control.example/'));
}

/** Requests of this extension host, from `fetch` to the response headers, in epoch milliseconds. */
let requestTimes;

/** { origins } -> records requests to these origins from now on. */
async function watchRequests({ origins }) {
  const original = globalThis.fetch;
  const times = [];
  requestTimes = times;
  globalThis.fetch = async (resource, init) => {
    if (requestTimes !== times || !origins.includes(new URL(resource.url ?? resource).origin))
      return original(resource, init);
    const time = { from: performance.timeOrigin + performance.now() };
    times.push(time);
    try {
      return await original(resource, init);
    } finally {
      time.to = performance.timeOrigin + performance.now();
    }
  };
}

/** Requests since the last call: { from, to }[]; unanswered ones lack `to`. */
async function takeRequests() {
  return requestTimes.splice(0);
}

/** { ids } -> heap in bytes retained by the activation of each extension, in this order. */
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

/**
 * Bytes in use on the V8 heap after garbage collection, once two samples half a second apart differ by less than
 * 16 KB.
 */
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
  throw new Error('The heap size does not stabilize.');
}

const measures = {
  startupReport,
  codeLoads,
  loadedScripts,
  timeGetSession,
  registerConstantProvider,
  dropConstantProvider,
  showAndOpen,
  watchRequests,
  takeRequests,
  heapOfActivations,
};

exports.registerMeasures = () =>
  Object.entries(measures).map(([name, measure]) =>
    vscode.commands.registerCommand(`probe.${name}`, measure),
  );
