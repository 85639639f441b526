import type { Page } from 'playwright-core';

/** How a text stands on the screen: in so many lines, and whether its end is cut off. */
interface Standing {
  readonly text: string;
  readonly lines: number;
  readonly isCut: boolean;
}

/** Each element of the open list that has this text in it: its title, and beside a row. */
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
