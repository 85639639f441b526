import { EventEmitter } from './vscode.ts';

const granted = new EventEmitter<void>();
let isTrusted = true;

/** A workspace that a test trusts or not. */
export const workspace = {
  get isTrusted() {
    return isTrusted;
  },
  onDidGrantWorkspaceTrust: granted.event,
  trust: (is: boolean) => {
    isTrusted = is;
    if (is) granted.fire();
  },
};
