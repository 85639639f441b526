import { join } from 'node:path';

import { prepareHost } from './lib/hostTests.ts';
import { packageExtension } from './lib/packageExtension.ts';
import { projectRoot } from './lib/paths.ts';
import { runCommand } from './lib/runCommand.ts';

// `npm run pictures` takes the README's pictures again in a real VS Code.
let code = await packageExtension();
if (code === 0) code = await prepareHost();
if (code === 0)
  code = await runCommand(process.execPath, [join(projectRoot, 'test/host/pictures/readme.ts')]);
process.exitCode = code;
