import type { Page } from 'playwright-core';

/** How a text is rendered: its number of lines, and whether it is truncated. */
interface Standing {
  readonly text: string;
  readonly lines: number;
  readonly isCut: boolean;
}

/** Elements of the open list that contain this text: the title and rows. */
export async function standingOf(page: Page, text: string): Promise<readonly Standing[]> {
  const places = page.locator('.quick-input-widget').locator('.quick-input-title, .label-description');
  return places.filter({ hasText: text, visible: true }).evaluateAll((all) =>
    all.map((element) => {
      const range = document.createRange();
      range.selectNodeContents(element);
      const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)));
      const isCut = [element, element.parentElement].some(
        (one) =>
          one !== null &&
          one.scrollWidth > one.clientWidth + 1 &&
          getComputedStyle(one).overflow !== 'visible',
      );
      return { text: element.textContent.trim(), lines: lines.size, isCut };
    }),
  );
}
