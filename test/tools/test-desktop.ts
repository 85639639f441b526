import { parseArgs } from 'node:util';

import {
  desktopEditors,
  executablesOf,
  findInstalledEditor,
  isDesktopEditor,
  type InstalledEditor,
} from '../host/installedEditors.ts';
import { runSuiteInDesktop } from '../host/suiteInDesktop.ts';
import { packageExtension } from './lib/packageExtension.ts';
import { vsixPath } from './lib/paths.ts';
import { exitCodeOnly, runStep, summarize } from './lib/step.ts';

// npm run test:desktop -- --editor kiro uses an installed editor; without it, VS Code is downloaded.
const { editor: name } = parseArgs({ options: { editor: { type: 'string' } } }).values;
const editor = name === undefined ? undefined : installed(name);

const packaged = await runStep('Package', () => exitCodeOnly(packageExtension()));
if (packaged.ok) {
  const suite = await runStep(`Suite in ${name ?? 'desktop VS Code'}`, () =>
    runSuiteInDesktop(vsixPath, editor),
  );
  process.exitCode = summarize([packaged, suite], []);
} else {
  process.exitCode = 1;
}

function installed(wanted: string): InstalledEditor {
  const names = Object.keys(desktopEditors).join(', ');
  if (!isDesktopEditor(wanted)) return giveUp(`--editor is one of: ${names}.`);
  const found = findInstalledEditor(wanted);
  if (found !== undefined) return found;
  return giveUp(`${wanted} is not installed here. Looked for:\n${executablesOf(wanted).join('\n')}`);
}

function giveUp(text: string): never {
  console.error(text);
  process.exit(1);
}
