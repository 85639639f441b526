import assert from 'node:assert/strict';

import * as vscode from 'vscode';

import { EXTENSION_ID } from './contract.ts';

/** The parts of the manifest that the suite reads. */
export interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly category?: string }[];
    readonly menus?: {
      readonly commandPalette?: readonly { readonly command: string; readonly when?: string }[];
    };
    readonly authentication: readonly { readonly id: string; readonly label: string }[];
    readonly configuration: {
      readonly properties: Readonly<
        Record<string, { readonly scope?: string; readonly ignoreSync?: boolean }>
      >;
    };
  };
}

/** The extension as VS Code loaded it, activated. */
export async function activatedExtension(): Promise<vscode.Extension<unknown>> {
  const extension = vscode.extensions.getExtension<unknown>(EXTENSION_ID);
  assert.ok(extension, `${EXTENSION_ID} is not installed in this VS Code`);
  await extension.activate();
  return extension;
}

export async function manifest(): Promise<Manifest> {
  return (await activatedExtension()).packageJSON as Manifest;
}
