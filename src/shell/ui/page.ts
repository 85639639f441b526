import { ViewColumn, window } from 'vscode';
import type { WebviewPanel } from 'vscode';
import { plainText } from './plainText.ts';

/** A tab for a page, which runs no script and reads no file. */
export function createPage(viewType: string, title: string): WebviewPanel {
  return window.createWebviewPanel(viewType, pageTitle(title), ViewColumn.Active, {
    enableScripts: false,
    enableFindWidget: true,
    localResourceRoots: [],
  });
}

/** A title as its tab shows it. */
export function pageTitle(title: string): string {
  return plainText(title);
}
