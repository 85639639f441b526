import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { projectRoot } from './lib/paths.ts';
import { runCommand } from './lib/runCommand.ts';
import { drawIn, startSlippedSandbox, typedLines } from './lib/slippedSandbox.ts';

const args = process.argv.slice(2);
const draw = drawIn(args);
if (draw === undefined) {
  process.exitCode = await runCommand(process.execPath, [join(projectRoot, 'test/sandbox/main.ts'), ...args]);
} else {
  const slipped = await startSlippedSandbox(draw);
  const { chain, cloud, typed, lines } = slipped;
  const folder = mkdtempSync(join(tmpdir(), 'slips-'));
  const metadataFile = join(folder, 'metadata.xml');
  writeFileSync(metadataFile, chain.describe().okta.saml.metadataXml);
  const variables = Object.entries(cloud.environment(folder)).map(([name, value]) => `  ${name}=${value}`);
  const { endpoint, portalEndpoint } = chain.identityCenter;
  console.log(
    [
      ...lines,
      '',
      'Values the administrator would type',
      ...typedLines(typed, metadataFile),
      `  endpoint           ${endpoint}`,
      `  portalEndpoint     ${portalEndpoint}`,
      '',
      'Environment variables for programs that use the fake AWS, Kiro and DNS',
      ...variables,
      '',
      'Press Ctrl+C to stop.',
    ].join('\n'),
  );
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void slipped.close().then(() => process.exit(0)));
}
