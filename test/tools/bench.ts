import { join } from 'node:path';

import { ownNetwork } from '../host/ownNetwork.ts';
import { prepareHost } from './lib/hostTests.ts';
import { packageExtension } from './lib/packageExtension.ts';
import { projectRoot } from './lib/paths.ts';
import { runCommand } from './lib/runCommand.ts';

const packaged = await packageExtension();
if (packaged !== 0) process.exit(packaged);
await prepareHost();
const measure = [process.execPath, join(projectRoot, 'test/bench/main.ts'), ...process.argv.slice(2)];
const [program = process.execPath, ...programArguments] = [...ownNetwork(), ...measure];
process.exitCode = await runCommand(program, programArguments);
