// Takes pictures of every walkthrough step in each theme:
// node test/tools/package.ts && node test/host/pictures/walkthrough.ts [light|dark|highContrast] [de|ja]
// -> dist/pictures/walkthrough/<theme>-<walkthrough>-<step>.png, or <language>-<theme>-…
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { distFolder } from '../../tools/lib/paths.ts';
import { openScene } from '../scene.ts';
import { openWalkthrough } from '../walkthrough.ts';
import { themes } from './camera.ts';

const folder = join(distFolder, 'pictures/walkthrough');
mkdirSync(folder, { recursive: true });
const [language] = process.argv.slice(2).filter((one) => one === 'de' || one === 'ja');
const prefix = language === undefined ? '' : `${language}-`;
for (const theme of themes) {
  const scene = await openScene({
    browser: { theme, size: { width: 1280, height: 800 } },
    host: language === undefined ? {} : { language },
  });
  try {
    const window = await scene.openWindow('my-project');
    for (const id of ['getStarted', 'kiroWithOkta', 'identityCenterWithOkta']) {
      const walkthrough = await openWalkthrough(window, id);
      for (const [index, { title }] of (await walkthrough.steps()).entries()) {
        await walkthrough.select(title);
        await walkthrough.picture();
        await window.page.waitForTimeout(300);
        await window.screenshot(join(folder, `${prefix}${theme}-${id}-${index + 1}.png`));
      }
    }
  } finally {
    await scene.close();
  }
}
console.log(`Pictures: ${folder}`);
