import type { BrowserContext } from 'playwright-core';

/**
 * Spinning icons, moving progress bars and blinking carets: without them, a window that waits is not drawn again
 * and again, which takes a twentieth of a processor. VS Code's setting for less motion leaves them.
 */
const STILL = `
  .codicon-modifier-spin, .progress-bit { animation: none !important; }
  input, textarea { caret-animation: manual !important; }
`;

const stopped = new WeakSet<BrowserContext>();

/** Stops motion in pages that are loaded from now on; several scenes share a browser one after another. */
export async function stopMotion(context: BrowserContext): Promise<void> {
  if (stopped.has(context)) return;
  stopped.add(context);
  await context.addInitScript((rules) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(rules);
    document.adoptedStyleSheets.push(sheet);
  }, STILL);
}
