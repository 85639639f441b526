import { chmod, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createPolicyFile, policyPlace } from '../../../src/adapters/policyFile.ts';
import { fakeLog } from '../fakes/fakeLog.ts';
import { temporaryFolder } from '../fakes/temporaryFolder.ts';

const me = userInfo().uid;
/** Windows has no owners that can be read, nor modes. */
const posixOnly = test.skipIf(process.platform === 'win32');
const rules = JSON.stringify({ allowCliCache: false });

async function machine(owner: number | undefined = me) {
  const folder = await temporaryFolder();
  const place = join(folder.path, 'developer-sign-in');
  await mkdir(place, { mode: 0o755 });
  const path = join(place, 'policy.json');
  const log = fakeLog();
  return {
    path,
    place,
    log,
    read: createPolicyFile({ path, owner }, log),
    write: (text: string, mode = 0o644) => writeFile(path, text, { mode }).then(() => chmod(path, mode)),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

test.each([
  ['linux', {}, '/etc/developer-sign-in/policy.json', 0],
  ['darwin', {}, '/Library/Application Support/developer-sign-in/policy.json', 0],
  ['win32', { ProgramData: 'D:\\Data' }, 'D:\\Data\\developer-sign-in\\policy.json', undefined],
  ['win32', {}, 'C:\\ProgramData\\developer-sign-in\\policy.json', undefined],
] as const)('on %s with %j it is %s', (platform, env, path, owner) => {
  expect(policyPlace(platform, env)).toEqual({ path, owner });
});

describe('a policy file', () => {
  test('that is not there, nor its folder, is no rules', async () => {
    await using here = await machine();
    const none = { file: here.path, state: 'none', policy: {}, unknownRules: [] };
    expect(await here.read()).toEqual(none);
    await rm(here.place, { recursive: true });
    expect(await here.read()).toEqual(none);
  });

  test('is read anew each time', async () => {
    await using here = await machine();
    await here.write(rules);
    expect(await here.read()).toMatchObject({ state: 'inForce', policy: { allowCliCache: false } });
    await here.write('{}');
    expect(await here.read()).toMatchObject({ state: 'inForce', policy: {} });
    expect((await here.read()).policy).toEqual({});
  });

  test('that breaks leaves in force what was, and adds nothing', async () => {
    await using here = await machine();
    await here.write('{');
    expect(await here.read()).toMatchObject({ state: 'broken', policy: {}, problem: { kind: 'notJson' } });
    await here.write(rules);
    await here.read();
    await here.write(JSON.stringify({ allowedFlows: ['none such'] }));
    expect(await here.read()).toEqual({
      file: here.path,
      state: 'broken',
      policy: { allowCliCache: false },
      problem: { kind: 'wrongValue', where: 'allowedFlows.0' },
      unknownRules: [],
    });
    await rm(here.path);
    expect(await here.read()).toMatchObject({ state: 'none', policy: {} });
  });

  test('is said in the log when it changes, not each time it is asked', async () => {
    await using here = await machine();
    await here.write('{');
    await here.read();
    await here.read();
    await here.write(rules);
    await here.read();
    await here.read();
    expect(here.log.lines).toHaveLength(2);
  });

  test('that is too large is not read', async () => {
    await using here = await machine();
    await here.write(`{}${' '.repeat(256 * 1024)}`);
    expect(await here.read()).toMatchObject({ state: 'broken', problem: { kind: 'tooLarge' } });
  });

  test('that is a folder cannot be read', async () => {
    await using here = await machine();
    await mkdir(here.path);
    expect(await here.read()).toMatchObject({ problem: { kind: 'unreadable', code: 'EISDIR' } });
  });

  posixOnly.each([
    ['its group', 0o664],
    ['anybody', 0o646],
  ])('that %s can write is no rule of an administrator', async (_, mode) => {
    await using here = await machine();
    await here.write(rules, mode);
    const problem = { kind: 'notAdministrators', path: here.path };
    expect(await here.read()).toMatchObject({ state: 'broken', policy: {}, problem });
  });

  posixOnly(
    'in a folder that others can write is none either: they could put another in its place',
    async () => {
      await using here = await machine();
      await here.write(rules);
      await chmod(here.place, 0o777);
      expect(await here.read()).toMatchObject({ problem: { kind: 'notAdministrators', path: here.place } });
    },
  );

  posixOnly('of another owner is none', async () => {
    await using here = await machine(me + 1);
    await here.write(rules);
    expect(await here.read()).toMatchObject({ problem: { kind: 'notAdministrators', path: here.place } });
  });

  posixOnly('behind a link is held to the same at both ends', async () => {
    await using here = await machine();
    const elsewhere = join(here.place, '..', 'elsewhere');
    await mkdir(elsewhere);
    const target = join(elsewhere, 'rules.json');
    await writeFile(target, rules);
    await symlink(target, here.path);
    expect(await here.read()).toMatchObject({ state: 'inForce' });
    await chmod(elsewhere, 0o777);
    expect(await here.read()).toMatchObject({ problem: { kind: 'notAdministrators', path: elsewhere } });
  });
});
