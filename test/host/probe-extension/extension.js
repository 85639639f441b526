// Test extension that does what any other extension could do. It receives requests as files, in a separate
// folder for each extension host:
// $PROBE_FOLDER/<pid>/hello.json              { pid, startedAt (epoch ms), workspaceFolders }
// $PROBE_FOLDER/<pid>/<id>.request.json       { action, ... }      written by the test, and renamed when
// complete
// $PROBE_FOLDER/<pid>/<id>.answer.json        { ok: true, value } or { ok: false, error: { name, message,
// kind } }
// Tokens are never written to files, only their SHA-256.
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const vscode = require('vscode');
const { registerMeasures } = require('./measures.js');
const { suggestFrom } = require('./suggest.js');

const POLL_MS = 50;

/** provider ID -> number of session changes; and all changes in order. */
const sessionChanges = [];
const unhandled = [];

const actions = {
  /** { providerId, scopes, options?, use? } -> session or null; see describeUse for `use`. */
  async getSession({ providerId, scopes, options = {}, use }) {
    const session = await vscode.authentication.getSession(providerId, scopes, options);
    if (!session) return null;
    return { ...describeSession(session), use: use ? await describeUse(session.accessToken, use) : null };
  },

  async getAccounts({ providerId }) {
    return vscode.authentication.getAccounts(providerId);
  },

  /** Provider IDs, one per change since the extension host started. */
  async sessionChanges() {
    return sessionChanges;
  },

  async executeCommand({ command, args = [] }) {
    return (await vscode.commands.executeCommand(command, ...args)) ?? null;
  },

  async commands({ prefix = '' }) {
    return (await vscode.commands.getCommands(true)).filter((command) => command.startsWith(prefix));
  },

  async extension({ id }) {
    const extension = vscode.extensions.getExtension(id);
    if (!extension) return null;
    const { isActive, extensionKind, packageJSON } = extension;
    return { isActive, extensionKind, version: packageJSON.version };
  },

  async setting({ name }) {
    return vscode.workspace.getConfiguration().inspect(name) ?? null;
  },

  async updateSetting({ name, value }) {
    await vscode.workspace.getConfiguration().update(name, value, vscode.ConfigurationTarget.Global);
    return null;
  },

  async environment() {
    const { appHost, appName, remoteName, uiKind, uriScheme } = vscode.env;
    return {
      uriScheme,
      appHost,
      appName,
      remoteName: remoteName ?? null,
      uiKind,
      version: vscode.version,
      node: process.version,
    };
  },

  /** { providerId, scopes, url, headers?, text }: opens a document with suggestions from the service at `url`. */
  suggestFrom,

  /** Opens a link as a document would: one with the editor's scheme goes to the extension that it names. */
  async openLink({ link }) {
    await vscode.commands.executeCommand('vscode.open', vscode.Uri.parse(link));
    return null;
  },

  /** The editor's diagnostics for the open document, and its completions right after the text `behind`. */
  async shownDocument({ behind }) {
    const document = vscode.window.activeTextEditor?.document;
    if (!document) return null;
    const problems = vscode.languages
      .getDiagnostics(document.uri)
      .map(({ message, range }) => ({ message, text: document.getText(range) }));
    if (behind === undefined) return { problems, offered: [] };
    const found = await vscode.commands.executeCommand(
      'vscode.executeCompletionItemProvider',
      document.uri,
      document.positionAt(document.getText().indexOf(behind) + behind.length),
    );
    const offered = found.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
    return { problems, offered };
  },

  async readClipboard() {
    return vscode.env.clipboard.readText();
  },

  /** Unhandled rejections of all extensions in this host. */
  async unhandledErrors() {
    return unhandled;
  },
};

function hash(text) {
  return createHash('sha256').update(text).digest('hex');
}

function describeSession({ id, account, scopes, accessToken }) {
  return {
    id,
    account: { id: account.id, label: account.label },
    scopes: [...scopes],
    tokenHash: hash(accessToken),
  };
}

/** Sends the token: { url, header?: name, prefix?: 'Bearer ', headers?: {} } -> { status, body }. */
async function describeUse(token, { url, header = 'authorization', prefix = 'Bearer ', headers = {} }) {
  const response = await fetch(url, { headers: { ...headers, [header]: `${prefix}${token}` } });
  const body = await response.text();
  return { status: response.status, body: body.replaceAll(token, '<token>') };
}

function describeError(error) {
  if (!(error instanceof Error)) return { name: 'unknown', message: String(error), kind: null };
  return { name: error.name, message: error.message, kind: error.kind ?? null };
}

async function answer(request) {
  try {
    const action = actions[request.action];
    if (!action) throw new Error(`The probe knows no action "${request.action}".`);
    return { ok: true, value: await action(request) };
  } catch (error) {
    return { ok: false, error: describeError(error) };
  }
}

function writeWhole(file, value) {
  fs.writeFileSync(`${file}.part`, JSON.stringify(value));
  fs.renameSync(`${file}.part`, file);
}

/** Responds to requests in the folder, several at a time, because a consent dialog may block one. */
function serve(folder) {
  const taken = new Set();
  const look = () => {
    for (const name of fs.existsSync(folder) ? fs.readdirSync(folder) : []) {
      const id = /^(.*)\.request\.json$/.exec(name)?.[1];
      if (!id || taken.has(id)) continue;
      taken.add(id);
      const request = JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8'));
      void answer(request).then((result) => {
        if (fs.existsSync(folder)) writeWhole(path.join(folder, `${id}.answer.json`), result);
      });
    }
  };
  const timer = setInterval(look, POLL_MS);
  return { dispose: () => clearInterval(timer) };
}

exports.activate = (context) => {
  const root = process.env.PROBE_FOLDER;
  if (!root) return;
  const onUnhandled = (reason) => unhandled.push(describeError(reason));
  process.on('unhandledRejection', onUnhandled);
  context.subscriptions.push(
    { dispose: () => process.off('unhandledRejection', onUnhandled) },
    ...registerMeasures(),
    vscode.authentication.onDidChangeSessions(({ provider }) => sessionChanges.push(provider.id)),
  );
  const folder = path.join(root, String(process.pid));
  fs.mkdirSync(folder, { recursive: true });
  context.subscriptions.push(serve(folder));
  writeWhole(path.join(folder, 'hello.json'), {
    pid: process.pid,
    startedAt: Date.now(),
    workspaceFolders: (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath),
  });
};
