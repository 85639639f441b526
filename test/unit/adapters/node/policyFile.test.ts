import { execFileSync } from 'node:child_process';
import { userInfo } from 'node:os';
import { chmod, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { createPolicyFile } from '../../../../src/adapters/node/policyFile.ts';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import { checkAllowed, canShareWithCli } from '../../../../src/features/organizationPolicy.ts';
import type { OrganizationRules } from '../../../../src/features/organizationPolicy.ts';
import { oktaConnection } from '../../fakes/examples.ts';
import { fakeLog } from '../../fakes/fakeLog.ts';
import { thrownBy } from '../../fakes/thrownBy.ts';
import { temporaryFolder } from '../../fakes/temporaryFolder.ts';

const me = userInfo().uid;
/** On Windows, owners and modes cannot be read. */
const posixOnly = test.skipIf(process.platform === 'win32');
const rules = JSON.stringify({ allowCliCache: false });

/** On Windows, write permissions come from another source, which has separate tests. */
const isWindows = process.platform === 'win32';
const administrators = { owner: undefined, changedByOthers: async () => undefined };

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
    read: createPolicyFile({ path, ...(isWindows ? administrators : { owner }) }, log),
    write: (text: string, mode = 0o644) => writeFile(path, text, { mode }).then(() => chmod(path, mode)),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

describe('createPolicyFile: a policy file', () => {
  test('that is missing, or whose folder is missing, means no rules', async () => {
    await using here = await machine();
    const none = { file: here.path, state: 'none', policy: {}, files: [] };
    expect(await here.read()).toEqual(none);
    await rm(here.place, { recursive: true });
    expect(await here.read()).toEqual(none);
  });

  test('is reread each time', async () => {
    await using here = await machine();
    await here.write(rules);
    expect(await here.read()).toMatchObject({ state: 'inForce', policy: { allowCliCache: false } });
    await here.write('{}');
    expect(await here.read()).toMatchObject({ state: 'inForce', policy: {} });
    expect((await here.read()).policy).toEqual({});
  });

  test.each([
    ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${rules}`)],
    ['UTF-16, as PowerShell writes it', Buffer.from(`\ufeff${rules}`, 'utf16le')],
  ])('F17: in %s is in effect', async (_, bytes) => {
    await using here = await machine();
    await writeFile(here.path, bytes, { mode: 0o644 });
    expect(await here.read()).toMatchObject({ state: 'inForce', policy: { allowCliCache: false } });
  });

  test("with a connection for this machine's user does not log who that is", async () => {
    await using here = await machine();
    const { username } = userInfo();
    await here.write(
      JSON.stringify({ connections: [{ ...oktaConnection, loginHint: '${user}@login.example' }] }),
    );
    expect((await here.read()).policy.connections).toEqual([
      { ...oktaConnection, loginHint: `${username}@login.example` },
    ]);
    expect(JSON.stringify(here.log)).not.toContain('login.example');
  });

  test('that becomes invalid keeps the previous rules in effect, and adds none', async () => {
    await using here = await machine();
    await here.write('{');
    expect(await here.read()).toMatchObject({
      state: 'broken',
      policy: {},
      files: [{ problem: { kind: 'notJson' } }],
    });
    await here.write(rules);
    await here.read();
    await here.write(JSON.stringify({ allowedFlows: ['none such'] }));
    expect(await here.read()).toEqual({
      file: here.path,
      state: 'broken',
      policy: { allowCliCache: false },
      files: [
        {
          file: here.path,
          policy: { allowCliCache: false },
          problem: { kind: 'wrongValue', where: 'allowedFlows.0' },
          unknownRules: [],
        },
      ],
    });
    await rm(here.path);
    expect(await here.read()).toMatchObject({ state: 'none', policy: {} });
  });

  test('is logged when it changes, not on each read', async () => {
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
    expect(await here.read()).toMatchObject({ state: 'broken', files: [{ problem: { kind: 'tooLarge' } }] });
  });

  posixOnly('that is a named pipe kept every sign-in waiting for a writer: it cannot be read', async () => {
    await using here = await machine();
    execFileSync('mkfifo', [here.path]);
    expect(await here.read()).toMatchObject({
      state: 'broken',
      files: [{ problem: { kind: 'unreadable', code: 'ESPIPE' } }],
    });
  });

  test('that is a folder cannot be read', async () => {
    await using here = await machine();
    await mkdir(here.path);
    expect(await here.read()).toMatchObject({ files: [{ problem: { kind: 'unreadable', code: 'EISDIR' } }] });
  });

  posixOnly.each([
    ['its group', 0o664],
    ['every user', 0o646],
  ])("that %s can write does not count as an administrator's", async (_, mode) => {
    await using here = await machine();
    await here.write(rules, mode);
    const problem = { kind: 'notAdministrators', path: here.path };
    expect(await here.read()).toMatchObject({ state: 'broken', policy: {}, files: [{ problem }] });
  });

  posixOnly(
    'in a folder that others can write does not count either: they could put another in its place',
    async () => {
      await using here = await machine();
      await here.write(rules);
      await chmod(here.place, 0o777);
      expect(await here.read()).toMatchObject({
        files: [{ problem: { kind: 'notAdministrators', path: here.place } }],
      });
    },
  );

  posixOnly('of another owner does not count', async () => {
    await using here = await machine(me + 1);
    await here.write(rules);
    expect(await here.read()).toMatchObject({
      files: [{ problem: { kind: 'notAdministrators', path: here.place } }],
    });
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
    expect(await here.read()).toMatchObject({
      files: [{ problem: { kind: 'notAdministrators', path: elsewhere } }],
    });
  });
});

describe('createPolicyFile: 06.04: a file that would fail open', () => {
  test.each([
    ['allowedIssuer', 'allowedIssuers'],
    ['AllowedIssuers', 'allowedIssuers'],
    ['allowedissuers', 'allowedIssuers'],
    ['allowed_issuers', 'allowedIssuers'],
    ['allowed-start-urls', 'allowedStartUrls'],
    ['alowedFlow', 'allowedFlows'],
    [' allowCLIcache ', 'allowCliCache'],
    ['allowedIssuer\u0455', 'allowedIssuers'],
  ])('is invalid with a rule that is almost one: %j', async (name, rule) => {
    await using here = await machine();
    await here.write(JSON.stringify({ [name]: [] }));
    expect(await here.read()).toMatchObject({
      state: 'broken',
      files: [{ problem: { kind: 'nearRule', name: name.trim(), rule } }],
    });
  });

  test.each(['requireMfa', 'rules', '__proto__', 'allow', 'x'.repeat(100_000)])(
    'is valid with a rule of a later version: %s',
    async (name) => {
      await using here = await machine();
      await here.write(`{"allowCliCache":false,"${name}":1}`);
      expect(await here.read()).toMatchObject({ state: 'inForce', policy: { allowCliCache: false } });
    },
  );

  test.each([
    [
      '{"allowedIssuers":["https://good.example"],"allowedIssuers":["https://evil.example"]}',
      'allowedIssuers',
    ],
    ['{"allowCliCache":false,"allow\\u0043liCache":true}', 'allowCliCache'],
    ['{"x":{"y":1,"z":[{"y":"a","y":"b"}]}}', 'y'],
  ])('is invalid with a duplicate name: %s', async (text, name) => {
    await using here = await machine();
    await here.write(text);
    expect(await here.read()).toMatchObject({
      state: 'broken',
      files: [{ problem: { kind: 'duplicate', name } }],
    });
  });

  test('is valid with the same name in two objects, or as a value', async () => {
    await using here = await machine();
    await here.write('{"x":[{"y":1},{"y":"y"},"y","{\\"y\\":1,"],"z":{"x":"x"}}');
    expect(await here.read()).toMatchObject({ state: 'inForce', files: [{ unknownRules: ['x', 'z'] }] });
  });
});

describe('createPolicyFile: an organization that blocks sign-ins without its rules', () => {
  const required = (here: { readonly place: string }, mode = 0o644) =>
    writeFile(join(here.place, 'policy.required'), '', { mode }).then(() =>
      chmod(join(here.place, 'policy.required'), mode),
    );
  const refusal = (rules: OrganizationRules): string | undefined => {
    try {
      checkAllowed(rules, oktaConnection);
      return undefined;
    } catch (error) {
      return error instanceof SignInError ? `${error.kind} ${error.details.reason}` : String(error);
    }
  };

  posixOnly('has sign-ins refused while its file is missing', async () => {
    await using here = await machine();
    await required(here);
    const rules = await here.read();
    expect(rules).toMatchObject({
      state: 'broken',
      isRequired: true,
      files: [{ problem: { kind: 'missing' } }],
    });
    expect(refusal(rules)).toBe('blockedByOrganization policyMissing');
    expect(canShareWithCli(rules)).toBe(false);
  });

  posixOnly.each([
    ['no JSON', '{', 0o644],
    ['nearly a rule', '{"allowedIssuer":[]}', 0o644],
    ['anyone’s', '{}', 0o666],
  ])('blocks them while the file is %s, also after valid rules', async (_, text, mode) => {
    await using here = await machine();
    await required(here);
    await here.write('{}');
    expect(refusal(await here.read())).toBeUndefined();
    await here.write(text, mode);
    expect(refusal(await here.read())).toBe('blockedByOrganization policyBroken');
    await here.write('{}');
    expect(refusal(await here.read())).toBeUndefined();
  });

  posixOnly('has to say so itself: a file that others can write says nothing', async () => {
    await using here = await machine();
    await required(here, 0o666);
    expect(await here.read()).toEqual({ file: here.path, state: 'none', policy: {}, files: [] });
  });

  test('that did not opt in allows everything while the file is invalid', async () => {
    await using here = await machine();
    await here.write('{');
    expect(refusal(await here.read())).toBeUndefined();
  });
});

describe('createPolicyFile: 06.03: in a user namespace', () => {
  posixOnly('that owner counts as the administrator', async () => {
    await using here = await machine(me + 1);
    await here.write(rules);
    const place = { path: here.path, owner: me + 1, alsoOwner: () => Promise.resolve(me) };
    expect(await createPolicyFile(place, here.log)()).toMatchObject({ state: 'inForce' });
  });
});

describe('createPolicyFile: A06: a linked policy file', () => {
  async function linked() {
    const here = await machine();
    const folder = dirname(here.place);
    for (const name of ['open', 'one', 'other']) await mkdir(join(folder, name), { mode: 0o755 });
    await chmod(join(folder, 'open'), 0o777);
    await writeFile(join(folder, 'one', 'policy.json'), rules, { mode: 0o644 });
    await writeFile(join(folder, 'other', 'policy.json'), '{}', { mode: 0o644 });
    return { ...here, folder };
  }

  posixOnly('through a folder that others can write is not obeyed, wherever it leads', async () => {
    await using here = await linked();
    const current = join(here.folder, 'open', 'current');
    await symlink(join(current, 'policy.json'), here.path);
    for (const target of ['one', 'other']) {
      await symlink(join('..', target), current);
      expect(await here.read()).toMatchObject({
        state: 'broken',
        files: [{ problem: { kind: 'notAdministrators', path: join(here.folder, 'open') } }],
      });
      await rm(current);
    }
  });

  posixOnly('through folders of the administrator alone is obeyed', async () => {
    await using here = await linked();
    await chmod(join(here.folder, 'open'), 0o755);
    await symlink(join('..', 'one'), join(here.folder, 'open', 'current'));
    await symlink(join('..', 'open', 'current', 'policy.json'), here.path);
    expect(await here.read()).toMatchObject({ state: 'inForce', policy: { allowCliCache: false } });
  });

  posixOnly('and leads nowhere or in a circle is a broken one, not none', async () => {
    await using here = await linked();
    await symlink(join(here.folder, 'nowhere'), here.path);
    expect(await here.read()).toMatchObject({
      state: 'broken',
      files: [{ problem: { kind: 'unreadable', code: 'ENOENT' } }],
    });
    await rm(here.path);
    await symlink(here.path, here.path);
    expect(await here.read()).toMatchObject({
      state: 'broken',
      files: [{ problem: { kind: 'unreadable', code: 'ELOOP' } }],
    });
  });

  posixOnly('beside a policy.required that leads nowhere stops sign-ins', async () => {
    await using here = await linked();
    await symlink(join(here.folder, 'nowhere'), here.path.replace('policy.json', 'policy.required'));
    const found = await here.read();
    expect(found).toMatchObject({ isRequired: true, files: [{ problem: { kind: 'missing' } }] });
    expect(() => checkAllowed(found, oktaConnection)).toThrow(SignInError);
  });
});

describe('createPolicyFile: policy.d', () => {
  async function teams(owner?: number) {
    const here = await machine(owner);
    const folder = join(here.place, 'policy.d');
    await mkdir(folder, { mode: 0o755 });
    const write = async (name: string, rules: unknown, mode = 0o644): Promise<string> => {
      const path = join(folder, name);
      await writeFile(path, typeof rules === 'string' ? rules : JSON.stringify(rules));
      await chmod(path, mode);
      return path;
    };
    return { ...here, folder, writeTeam: write };
  }
  const two = ['https://a.example', 'https://b.example'];

  test('alone is a policy', async () => {
    await using here = await teams();
    const file = await here.writeTeam('team.json', { allowCliCache: false });
    expect(await here.read()).toEqual({
      file: here.path,
      state: 'inForce',
      policy: { allowCliCache: false },
      files: [{ file, policy: { allowCliCache: false }, unknownRules: [] }],
    });
  });

  test('follows policy.json, in alphabetical order, and can only restrict it further', async () => {
    await using here = await teams();
    await here.write(JSON.stringify({ allowedIssuers: two, allowTerminal: true }));
    const later = await here.writeTeam('20-b.json', { allowTerminal: false, connections: [oktaConnection] });
    const earlier = await here.writeTeam('10-a.json', { allowedIssuers: [two[1], 'https://c.example'] });
    const { files, policy } = await here.read();
    expect(files.map(({ file }) => file)).toEqual([here.path, earlier, later]);
    expect(policy).toEqual({
      allowedIssuers: [two[1]],
      allowTerminal: false,
      connections: [oktaConnection],
    });
  });

  test('with a file whose extension is in capitals lost its rules', async () => {
    await using here = await teams();
    await here.writeTeam('TEAM.JSON', { allowTerminal: false });
    expect(await here.read()).toMatchObject({ state: 'inForce', policy: { allowTerminal: false } });
  });

  test('ignores files that a tool leaves in it', async () => {
    await using here = await teams();
    for (const name of ['team.json.new', '.team.json.swp', '.hidden.json', 'README.md', 'team.json~'])
      await here.writeTeam(name, '{');
    expect(await here.read()).toMatchObject({ state: 'none', files: [] });
  });

  test('with an invalid file names it, keeps its previous rules, and applies the others', async () => {
    await using here = await teams();
    await here.writeTeam('a.json', { allowCliCache: false });
    const file = await here.writeTeam('b.json', { allowTerminal: false });
    await here.read();
    await here.writeTeam('b.json', '{');
    const rules = await here.read();
    expect(rules).toMatchObject({
      state: 'broken',
      policy: { allowCliCache: false, allowTerminal: false },
      files: [{ policy: { allowCliCache: false } }, { file, problem: { kind: 'notJson' } }],
    });
    await rm(file);
    expect(await here.read()).toMatchObject({ state: 'inForce', policy: { allowCliCache: false } });
    expect((await here.read()).policy).toEqual({ allowCliCache: false });
  });

  test('with an invalid file blocks sign-ins if the organization requires its rules', async () => {
    await using here = await teams();
    await writeFile(join(here.place, 'policy.required'), '', { mode: 0o644 });
    await here.writeTeam('a.json', {});
    const rules = await here.read();
    expect(() => checkAllowed(rules, oktaConnection)).not.toThrow();
    const file = await here.writeTeam('b.json', '{');
    const broken = await here.read();
    expect(thrownBy(() => checkAllowed(broken, oktaConnection))).toMatchObject({
      details: { reason: 'policyBroken', file },
    });
  });

  test('names the file that blocks a sign-in', async () => {
    await using here = await teams();
    await here.write(JSON.stringify({ allowedIssuers: [oktaConnection.issuer] }));
    const file = await here.writeTeam('b.json', { allowedIssuers: [] });
    const rules = await here.read();
    expect(thrownBy(() => checkAllowed(rules, oktaConnection))).toMatchObject({ details: { file } });
  });

  posixOnly.each([
    ['the folder', (folder: string) => folder],
    ['a file in it', (_: string, file: string) => file],
    ['the folder of the policy', (folder: string) => dirname(folder)],
  ])('requires the same owner and mode as the policy file: %s that others can write', async (_, which) => {
    await using here = await teams();
    const file = await here.writeTeam('a.json', { allowCliCache: false });
    const path = which(here.folder, file);
    await chmod(path, 0o777);
    expect(await here.read()).toMatchObject({
      state: 'broken',
      policy: {},
      files: [{ problem: { kind: 'notAdministrators', path } }],
    });
  });

  posixOnly('of another owner is not obeyed', async () => {
    await using here = await teams(me + 1);
    await here.writeTeam('a.json', { allowCliCache: false });
    expect(await here.read()).toMatchObject({ state: 'broken', policy: {} });
  });

  posixOnly('whose folder others can write from now on keeps what was in force', async () => {
    await using here = await teams();
    await here.writeTeam('a.json', { allowCliCache: false });
    await here.read();
    await chmod(here.folder, 0o777);
    await here.writeTeam('b.json', { allowTerminal: false });
    expect(await here.read()).toMatchObject({ state: 'broken' });
    expect((await here.read()).policy).toEqual({ allowCliCache: false });
  });

  posixOnly('that is a link through a folder that others can write is not obeyed', async () => {
    await using here = await teams();
    const open = join(here.place, '..', 'open');
    await mkdir(open);
    await chmod(open, 0o777);
    await writeFile(join(open, 'a.json'), rules);
    await rm(here.folder, { recursive: true });
    await symlink(open, here.folder);
    expect(await here.read()).toMatchObject({
      state: 'broken',
      policy: {},
      files: [{ file: here.folder, problem: { kind: 'notAdministrators', path: open } }],
    });
  });

  posixOnly.each([
    ['leads nowhere', (folder: string) => symlink('/nowhere', folder), 'ENOENT'],
    ['is a file', (folder: string) => writeFile(folder, '{}', { mode: 0o644 }), 'ENOTDIR'],
  ])('that %s is invalid, not missing', async (_, make, code) => {
    await using here = await teams();
    await rm(here.folder, { recursive: true });
    await make(here.folder);
    expect(await here.read()).toMatchObject({
      state: 'broken',
      files: [{ file: here.folder, problem: { kind: 'unreadable', code } }],
    });
  });

  test('with too many files is not read', async () => {
    await using here = await teams();
    for (let i = 0; i <= 100; i++) await here.writeTeam(`${i}.json`, '{}');
    expect(await here.read()).toMatchObject({
      state: 'broken',
      files: [{ file: here.folder, problem: { kind: 'tooManyFiles' } }],
    });
  });
});

describe('createPolicyFile: on Windows, where another program reports who can change a file,', () => {
  test('asks it again only after a change', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    try {
      await using here = await machine();
      const asked: string[] = [];
      const changedByOthers = async (file: string) => void asked.push(file);
      const read = createPolicyFile({ path: here.path, owner: undefined, changedByOthers }, here.log);
      await here.write(rules);
      const inForce = { state: 'inForce', policy: { allowCliCache: false } };
      expect(await read()).toMatchObject(inForce);
      vi.advanceTimersByTime(3000);
      expect(await read()).toMatchObject(inForce);
      const before = asked.length;
      expect(await read()).toMatchObject(inForce);
      expect(asked).toHaveLength(before);
      await here.write('{}');
      expect((await read()).policy).toEqual({});
      expect(asked.length).toBeGreaterThan(before);
    } finally {
      vi.useRealTimers();
    }
  });
});
