import { parseArgs } from 'node:util';

import { packageExtension, type Published } from './lib/packageExtension.ts';

// npm run package -- --repository https://github.com/owner/name --ref v1.2.3
//   [--pictures https://…/] [--bugs https://…] [--homepage https://…]
const { repository, ref, pictures, bugs, homepage } = parseArgs({
  options: {
    repository: { type: 'string' },
    ref: { type: 'string' },
    pictures: { type: 'string' },
    bugs: { type: 'string' },
    homepage: { type: 'string' },
  },
}).values;
const addresses = { repository, pictures, bugs, homepage };
const wrong = Object.entries(addresses).filter(
  ([, address]) => address !== undefined && !/^https:\/\/[^\s/]+\/\S*$/.test(address),
);

const problem =
  wrong.length > 0
    ? `${wrong.map(([name]) => `--${name}`).join(', ')}: an address such as https://github.com/owner/name.`
    : (repository === undefined) !== (ref === undefined)
      ? "--repository and --ref go together: the README's pictures are read from the repository at that tag."
      : repository === undefined && [pictures, bugs, homepage].some((one) => one !== undefined)
        ? '--pictures, --bugs and --homepage require --repository.'
        : undefined;

if (problem === undefined) {
  const published: Published | undefined =
    repository === undefined || ref === undefined
      ? undefined
      : {
          repository: repository.replace(/(?:\.git|\/)$/, ''),
          ref,
          pictures: withSlash(pictures),
          bugs,
          homepage,
        };
  process.exitCode = await packageExtension(published);
} else {
  console.error(problem);
  process.exitCode = 1;
}

function withSlash(address: string | undefined): string | undefined {
  return address?.replace(/\/?$/, '/');
}
