import { join } from 'node:path';

import { projectRoot } from './lib/paths.ts';
import { runCommand } from './lib/runCommand.ts';

process.exitCode = await runCommand(process.execPath, [
  join(projectRoot, 'test/sandbox/main.ts'),
  ...process.argv.slice(2),
]);
