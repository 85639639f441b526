import { parseArgs } from 'node:util';

import { packageExtension } from './lib/packageExtension.ts';

// npm run package -- --repository https://github.com/owner/name --ref v1.2.3
const { repository, ref } = parseArgs({
  options: { repository: { type: 'string' }, ref: { type: 'string' } },
}).values;

if ((repository === undefined) !== (ref === undefined)) {
  console.error(
    '--repository and --ref go together: the pictures of the README are read from the repository at that tag.',
  );
  process.exitCode = 1;
} else if (repository !== undefined && !/^https:\/\/[^\s/]+\/\S*[^\s/]$/.test(repository)) {
  console.error('--repository is an address such as https://github.com/owner/name.');
  process.exitCode = 1;
} else {
  const published = repository === undefined || ref === undefined ? undefined : { repository, ref };
  process.exitCode = await packageExtension(published);
}
