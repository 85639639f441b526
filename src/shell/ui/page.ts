import { ViewColumn, window } from 'vscode';
import type { WebviewPanel } from 'vscode';
import { plainText } from './plainText.ts';

/** Creates a tab for a page that runs no scripts and reads no files. */
export function createPage(viewType: string, title: string): WebviewPanel {
  return window.createWebviewPanel(viewType, pageTitle(title), ViewColumn.Active, {
    enableScripts: false,
    enableFindWidget: true,
    localResourceRoots: [],
  });
}

/** A title as displayed in its tab. */
export function pageTitle(title: string): string {
  return plainText(title);
}
