import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { watchPolicy } from '../../../../src/adapters/node/policyWatch.ts';
import { settleUntil } from '../../fakes/settle.ts';
import { temporaryFolder } from '../../fakes/temporaryFolder.ts';

/** A machine whose policy may be in `developer-sign-in`, and a watcher for it. */
async function watched(options: { readonly canWatchAbove?: boolean } = {}) {
  const { canWatchAbove = process.platform !== 'win32' } = options;
  const root = await temporaryFolder();
  const watches: Disposable[] = [];
  const folder = join(root.path, 'developer-sign-in');
  const path = join(folder, 'policy.json');
  return {
    ...{ root: root.path, folder, path },
    watch: async () => {
      let heard = 0;
      const watching = watchPolicy({ path, owner: process.getuid?.(), canWatchAbove }, () => (heard += 1));
      watches.push(watching);
      await watching.check(); // The watch has started.
      return {
        look: watching.check,
        heard: () => heard,
        dispose: () => watching[Symbol.dispose](),
        /** The watcher has noticed the change. */
        hears: async (what: () => Promise<unknown>) => {
          const before = heard;
          await what();
          await settleUntil(() => heard > before);
        },
      };
    },
    [Symbol.asyncDispose]: () => {
      for (const watching of watches) watching[Symbol.dispose](); // Windows cannot remove a watched folder.
      return root[Symbol.asyncDispose]();
    },
  };
}

/** On Windows, a linked policy is rejected. */
const linkTest = test.skipIf(process.platform === 'win32');

const replace = async (path: string, text: string): Promise<void> => {
  await writeFile(`${path}.new`, text);
  await rename(`${path}.new`, path);
};

describe('watchPolicy', () => {
  test.runIf(process.platform === 'linux')('notices a new folder, and the file in it', async () => {
    await using here = await watched();
    const { hears } = await here.watch();
    await hears(() => mkdir(here.folder));
    await hears(() => writeFile(here.path, '{}'));
  });

  test('notices a replaced file, repeatedly', async () => {
    await using here = await watched();
    await mkdir(here.folder);
    const { hears } = await here.watch();
    for (const text of ['{}', '{ }', '{  }']) await hears(() => replace(here.path, text));
    await hears(() => rm(here.path));
  });

  test("notices the teams' files, in a folder that is created later", async () => {
    await using here = await watched();
    await mkdir(here.folder);
    const teams = join(here.folder, 'policy.d');
    const { hears } = await here.watch();
    await hears(() => mkdir(teams));
    await hears(() => writeFile(join(teams, 'a.json'), '{}'));
    await hears(() => replace(join(teams, 'a.json'), '{ }'));
    await hears(() => rename(join(teams, 'a.json'), join(teams, 'b.json')));
  });

  linkTest('hears a link on the way that is turned around, and what it leads to then', async () => {
    await using here = await watched();
    const releases = join(here.root, 'releases');
    for (const release of ['1', '2']) {
      await mkdir(join(releases, release), { recursive: true });
      await writeFile(join(releases, release, 'policy.json'), `{ "$schema": "${release}" }`);
    }
    const current = join(here.root, 'releases', 'current');
    await symlink('1', current);
    await mkdir(here.folder);
    await symlink(join(current, 'policy.json'), here.path);
    const { hears } = await here.watch();
    await hears(async () => {
      await symlink('2', `${current}.new`);
      await rename(`${current}.new`, current);
    });
    await hears(() => writeFile(join(releases, '2', 'policy.json'), '{}'));
  });

  linkTest(
    'hears a volume whose files are links that turn around together, as Kubernetes has it',
    async () => {
      await using here = await watched();
      for (const version of ['..1', '..2']) {
        await mkdir(join(here.folder, version), { recursive: true });
        await writeFile(join(here.folder, version, 'policy.json'), `{ "$schema": "${version}" }`);
      }
      const data = join(here.folder, '..data');
      await symlink('..1', data);
      await symlink('..data/policy.json', here.path);
      const { hears } = await here.watch();
      await hears(async () => {
        await symlink('..2', `${data}_tmp`);
        await rename(`${data}_tmp`, data);
      });
    },
  );

  test.runIf(process.platform === 'linux')('notices a folder that replaces another', async () => {
    await using here = await watched();
    await mkdir(here.folder);
    const { hears } = await here.watch();
    await hears(async () => {
      await mkdir(join(here.root, 'next'));
      await writeFile(join(here.root, 'next', 'policy.json'), '{}');
      await rename(here.folder, join(here.root, 'before'));
      await rename(join(here.root, 'next'), here.folder);
    });
    await hears(() => replace(here.path, '{ }'));
  });

  test('polls for changes that it cannot watch', async () => {
    await using here = await watched({ canWatchAbove: false });
    const { look, heard } = await here.watch();
    await look();
    expect(heard()).toBe(0);
    await mkdir(here.folder);
    await writeFile(here.path, '{}');
    await look();
    expect(heard()).toBe(1);
    await look();
    expect(heard()).toBe(1);
  });

  test('costs nothing without changes: no timer, and nothing that keeps the process alive', async () => {
    await using here = await watched();
    await mkdir(here.folder);
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    const { heard, dispose } = await here.watch();
    expect(timers()).toBe(before);
    dispose();
    await replace(here.path, '{}');
    expect(heard()).toBe(0);
  });
});
