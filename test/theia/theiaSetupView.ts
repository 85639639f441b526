import type { Page } from 'playwright-core';

import { eventually } from '../host/eventually.ts';
import type { SetupRow, SetupView } from '../host/setupView.ts';

/** The view of *Check SSO Setup* in Theia's panel. */
export function theiaSetupViewOf(page: Page): Pick<SetupView, 'message' | 'messageFits' | 'rows'> {
  const view = page.locator('#theia-bottom-content-panel');
  const message = async () => (await view.locator('.theia-TreeViewInfo').allTextContents()).join(' ').trim();
  return {
    message,
    messageFits: async (text, patience) => {
      await eventually(
        `the message ${String(text)}`,
        async () => (text.test(await message()) ? true : undefined),
        patience,
      );
    },
    rows: () =>
      view.locator('.theia-TreeNode').evaluateAll((nodes) =>
        nodes.map((node): SetupRow => ({
          label: node.querySelector('.theia-TreeNodeSegmentGrow')?.textContent ?? '',
          description: '',
          ariaLabel: node.getAttribute('aria-label') ?? '',
          icon:
            /codicon-([a-z-]+)/.exec(node.querySelector('.theia-tree-view-icon')?.className ?? '')?.[1] ?? '',
          level: 0,
          expanded: undefined,
          isFocused: false,
          checked: undefined,
        })),
      ),
  };
}
