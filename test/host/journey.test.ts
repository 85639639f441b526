import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { beforeAll, expect } from 'vitest';

import { projectRoot } from '../tools/lib/paths.ts';
import { chosenEditor } from './editors.ts';
import { describeJourney, type Traveler } from './journey.ts';
import { shareScene } from './scene.ts';
import { setupViewOf } from './setupView.ts';
import { openWalkthrough } from './walkthrough.ts';
import type { Workbench } from './workbench.ts';

const scene = shareScene({ connected: true, browser: { size: { width: 1280, height: 1800 } } });
let window: Workbench;

beforeAll(async () => {
  window = await scene().openWindow();
});

function traveler(): Traveler {
  const { chain } = scene();
  if (chain === undefined) throw new Error('The scene was created with `connected`.');
  return { window, chain, setupView: setupViewOf(window.page) };
}

describeJourney(`VS Code ${chosenEditor().codeServer.replace(/^4/, '1')}`, traveler, [
  'reads the walkthroughs',
  async () => {
    for (const { id, steps } of walkthroughs()) {
      const walkthrough = await openWalkthrough(window, id);
      expect(await walkthrough.steps()).toHaveLength(steps.length);
    }
    await (await window.probe()).executeCommand('workbench.action.closeAllEditors');
  },
]);

interface Manifest {
  readonly contributes: {
    readonly walkthroughs: readonly { readonly id: string; readonly steps: readonly unknown[] }[];
  };
}

function walkthroughs(): Manifest['contributes']['walkthroughs'] {
  const manifest = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as Manifest;
  return manifest.contributes.walkthroughs;
}
