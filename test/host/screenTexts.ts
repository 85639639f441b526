import type { Workbench } from './workbench.ts';
import { EXTENSION_ID } from './scene.ts';

/** Our texts on the screen: quick input, notifications, dialog and status bar. Excludes VS Code's own buttons. */
export async function screenTexts(window: Workbench): Promise<readonly string[]> {
  const [quick, toasts, dialog, items] = await Promise.all([
    window.quickInput.state(),
    window.notifications.shown(),
    window.dialogs.state(),
    window.statusBar.items(EXTENSION_ID),
  ]);
  const texts = [
    ...(quick === undefined ? [] : [quick.title, quick.placeholder, quick.message, ...quick.buttons]),
    ...(quick?.items ?? []).flatMap(({ label, description, detail, separator, buttons }) => [
      label,
      description,
      detail,
      separator,
      ...buttons,
    ]),
    ...toasts.flatMap(({ message, buttons }) => [message, ...buttons]),
    ...(dialog === undefined ? [] : [dialog.message, dialog.detail, ...dialog.buttons]),
    ...items.flatMap(({ text, ariaLabel }) => [text, ariaLabel]),
  ];
  return texts.filter((text) => text !== '');
}

/** Truncated texts in the quick input. */
export async function cutOff(window: Workbench): Promise<readonly string[]> {
  return window.page.locator('.quick-input-widget').evaluateAll((widgets) => {
    const shown = widgets.find((one) => one.checkVisibility());
    if (!shown) return [];
    const boxes = [
      ...shown.querySelectorAll('.quick-input-title, .quick-input-message, .monaco-icon-label-container'),
    ].filter((one) => one.checkVisibility());
    const input = shown.querySelector<HTMLInputElement>('.quick-input-filter input');
    const pen = document.createElement('canvas').getContext('2d');
    const placeholders: string[] = [];
    if (input && pen && input.value === '') {
      pen.font = getComputedStyle(input).font;
      if (pen.measureText(input.placeholder).width > input.clientWidth) placeholders.push(input.placeholder);
    }
    return [
      ...placeholders,
      ...boxes.filter((box) => box.scrollWidth > box.clientWidth + 1).map((box) => box.textContent.trim()),
    ];
  });
}
