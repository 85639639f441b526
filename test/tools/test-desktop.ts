import { runSuiteInDesktop } from '../host/suiteInDesktop.ts';
import { packageExtension } from './lib/packageExtension.ts';
import { vsixPath } from './lib/paths.ts';
import { exitCodeOnly, runStep, summarize } from './lib/step.ts';

const packaged = await runStep('Package', () => exitCodeOnly(packageExtension()));
if (packaged.ok) {
  const suite = await runStep('Suite in desktop VS Code', () => runSuiteInDesktop(vsixPath));
  process.exitCode = summarize([packaged, suite], []);
} else {
  process.exitCode = 1;
}
