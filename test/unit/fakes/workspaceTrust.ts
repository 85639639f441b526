import { EventEmitter } from './vscode.ts';

const granted = new EventEmitter<void>();
let isTrusted = true;
let folder: string | undefined;

/** A workspace that a test can trust; without a folder by default. */
export const workspace = {
  get isTrusted() {
    return isTrusted;
  },
  get name() {
    return folder;
  },
  get workspaceFolders() {
    return folder === undefined ? undefined : [{ uri: { toString: () => `file:///home/ana/${folder}` } }];
  },
  getConfiguration: () => ({ get: () => undefined }),
  onDidGrantWorkspaceTrust: granted.event,
  trust: (is: boolean) => {
    isTrusted = is;
    if (is) granted.fire();
  },
  open: (name: string | undefined) => {
    folder = name;
  },
};
