import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createPolicyFile } from '../../../../src/adapters/node/policyFile.ts';
import { policyPlace } from '../../../../src/adapters/node/policyPlace.ts';
import { canOthersChange } from '../../../../src/adapters/node/windowsAccess.ts';
import { changedByOthers, programDataFolder } from '../../../../src/adapters/node/windowsPolicy.ts';
import type { WindowsSystem } from '../../../../src/adapters/node/windowsPolicy.ts';
import { fakeLog } from '../../fakes/fakeLog.ts';
import { temporaryFolder } from '../../fakes/temporaryFolder.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';
import { quickest } from '../../fakes/quickest.ts';

/** Output of Windows programs. */
const registry = (value: string, type = 'REG_EXPAND_SZ') =>
  `\r\nHKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\ProfileList\r\n    ProgramData    ${type}    ${value}\r\n\r\n`;
const installer = 'S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464';
const person = 'S-1-5-21-311800348-2366743891-1978325779-1002';
/** A folder created by an administrator in ProgramData inherits permission for users to add files. */
const adminsFolder =
  'O:BAG:DUD:AI(A;OICIID;FA;;;SY)(A;OICIID;FA;;;BA)(A;OICIIOID;GA;;;CO)(A;OICIID;0x1200a9;;;BU)(A;CIID;DCLCRPCR;;;BU)';
const adminsFile = 'O:BAG:SYD:AI(A;ID;FA;;;SY)(A;ID;FA;;;BA)(A;ID;0x1200a9;;;BU)';

interface Ran {
  readonly program: string;
  readonly environment: Readonly<Record<string, string>>;
}

function system(
  answers: Partial<Record<'reg' | 'powershell', string | Error>>,
  links: readonly string[] = [],
) {
  const ran: Ran[] = [];
  const windows: WindowsSystem = {
    folder: 'C:\\Windows',
    isLink: async (path) => links.includes(path),
    run: async (program, _args, environment) => {
      ran.push({ program, environment });
      const answer = answers[program.endsWith('reg.exe') ? 'reg' : 'powershell'] ?? new Error('blocked');
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  return { ran, windows };
}

describe('programDataFolder: 06.01: the registry locates the policy file on Windows', () => {
  test.each([
    ['as it is', registry('%SystemDrive%\\ProgramData'), 'C:\\ProgramData'],
    ['moved by the administrator', registry('D:\\Data', 'REG_SZ'), 'D:\\Data'],
    ['with a value that names a variable of the person', registry('%USERPROFILE%\\x'), 'C:\\ProgramData'],
    ['with a value on the network', registry('\\\\server\\share'), 'C:\\ProgramData'],
    [
      'with no value',
      'FEHLER: Der angegebene Registrierungsschlüssel wurde nicht gefunden.',
      'C:\\ProgramData',
    ],
    ['that may not be read', new Error('Registry editing has been disabled'), 'C:\\ProgramData'],
  ])('%s', async (_, reg, folder) => {
    const { ran, windows } = system({ reg });
    expect(await programDataFolder(windows)).toBe(folder);
    expect(ran).toEqual([
      {
        program: 'C:\\Windows\\System32\\reg.exe',
        environment: {
          SystemRoot: 'C:\\Windows',
          windir: 'C:\\Windows',
          SystemDrive: 'C:',
          PATH: 'C:\\Windows\\System32',
        },
      },
    ]);
  });

  const path = 'C:\\ProgramData\\developer-sign-in\\policy.json';
  test.each([undefined, 'C:\\ProgramData', 'c:\\programdata\\', 'C:\\ProgramData\\.'])(
    'an environment variable %j agrees',
    async (ProgramData) => {
      const { windows } = system({ reg: registry('%SystemDrive%\\ProgramData') });
      const env = ProgramData === undefined ? {} : { ProgramData };
      const place = await policyPlace('win32', env, windows);
      expect(place).toMatchObject({ path, owner: undefined });
      expect(place.environment).toBeUndefined();
    },
  );

  test.each([
    ['C:\\Users\\me\\empty', 'C:\\Users\\me\\empty\\developer-sign-in\\policy.json'],
    ['', 'developer-sign-in\\policy.json'],
    ['D:\\ProgramData', 'D:\\ProgramData\\developer-sign-in\\policy.json'],
  ])('an environment variable %j changes nothing, and is reported', async (ProgramData, environment) => {
    const { windows } = system({ reg: registry('%SystemDrive%\\ProgramData') });
    expect(await policyPlace('win32', { ProgramData }, windows)).toMatchObject({ path, environment });
  });

  test('also without a file, in the rules and in the log', async () => {
    await using folder = await temporaryFolder();
    const log = fakeLog();
    const place = { path: join(folder.path, 'policy.json'), owner: undefined, environment: 'C:\\Users\\me' };
    const rules = await createPolicyFile(place, log)();
    expect(rules).toMatchObject({ state: 'none', environment: 'C:\\Users\\me' });
    expect(log.lines.join()).toMatch(/error .*C:\\\\Users\\\\me/);
  });
});

describe('canOthersChange: 06.02: who can change a file', () => {
  test.each([
    ['an administrator’s', adminsFile, false],
    ['the system’s', `O:SYG:SYD:PAI(A;;FA;;;SY)(A;;FA;;;BA)(A;;FR;;;WD)`, false],
    ['the installer’s', `O:${installer}G:${installer}D:PAI(A;;FA;;;${installer})(A;;0x1200a9;;;BU)`, false],
    ['one that denies', `O:BAD:(D;;FA;;;BU)(A;;FA;;;BA)`, false],
    ['a domain administrator’s', `O:S-1-5-21-1-2-3-512D:(A;;FA;;;S-1-5-21-1-2-3-512)`, false],
    ['a person’s', `O:${person}G:${person}D:AI(A;ID;FA;;;SY)(A;ID;FA;;;BA)(A;ID;0x1200a9;;;BU)`, true],
    ['one that its group can change', `${adminsFile}(A;ID;FA;;;${person})`, true],
    ['one that users can write', 'O:BAG:SYD:AI(A;ID;FA;;;BA)(A;ID;FW;;;BU)', true],
    ['one that everyone can write', 'O:BAG:SYD:AI(A;ID;FA;;;BA)(A;;GW;;;WD)', true],
    ['one that users can modify', 'O:BAG:SYD:AI(A;ID;FA;;;BA)(A;ID;0x1301bf;;;AU)', true],
    ['one that users can delete', 'O:BAG:SYD:AI(A;ID;FA;;;BA)(A;ID;SD;;;BU)', true],
    ['one whose list users can change', 'O:BAG:SYD:AI(A;ID;FA;;;BA)(A;ID;WD;;;BU)', true],
    ['one whose owner users can change', 'O:BAG:SYD:AI(A;ID;FA;;;BA)(A;ID;WO;;;S-1-5-11)', true],
    ['one without a list', 'O:BAG:SYD:NO_ACCESS_CONTROL', true],
    ['one with an unknown right', 'O:BAD:(A;;ZZ;;;BU)', undefined],
    ['one with an unknown entry', 'O:BAD:(QQ;;FA;;;BU)', undefined],
    ['one with a condition', 'O:BAD:(XA;;FW;;;WD;(@User.Title=="PM"))(A;;FA;;;BA)', undefined],
    ['none', '', undefined],
    ['no descriptor', 'Get-Acl : Der Pfad wurde nicht gefunden.', undefined],
    ['one without an owner', 'D:AI(A;ID;FA;;;BA)', undefined],
  ])('%s', (_, descriptor, expected) => {
    expect(canOthersChange(descriptor, 'file')).toBe(expected);
  });

  test.each([
    ['an administrator’s, to which users may add', adminsFolder, false],
    [
      'ProgramData itself',
      'O:SYD:PAI(A;OICIIO;GA;;;CO)(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;BU)(A;CI;DCLCRPCR;;;BU)',
      false,
    ],
    ['a person’s, made before the administrator’s', adminsFolder.replace('O:BA', `O:${person}`), true],
    ['one from which users may remove', `${adminsFolder}(A;;DT;;;BU)`, true],
    ['one that everyone has whole', `${adminsFolder}(A;OICI;FA;;;WD)`, true],
    ['one that users can modify', `${adminsFolder}(A;OICI;0x1301bf;;;AU)`, true],
  ])('or the folder: %s', (_, descriptor, expected) => {
    expect(canOthersChange(descriptor, 'folder')).toBe(expected);
  });
});

describe('changedByOthers: 06.02: a policy file on Windows', () => {
  const file = 'C:\\ProgramData\\developer-sign-in\\policy.json';
  const folder = 'C:\\ProgramData\\developer-sign-in';
  const both = (ofFolder: string, ofFile: string) => ({ powershell: `${ofFolder}\r\n${ofFile}\r\n` });

  test('is checked by PowerShell, with its full path and without the user’s environment', async () => {
    const { ran, windows } = system(both(adminsFolder, adminsFile));
    expect(await changedByOthers(windows, file)).toBeUndefined();
    expect(ran.map(({ program }) => program)).toEqual([
      'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
    ]);
    expect(Object.keys(ran[0]?.environment ?? {}).sort()).toEqual([
      'PATH',
      'POLICY_FILE',
      'POLICY_FOLDER',
      'SystemDrive',
      'SystemRoot',
      'windir',
    ]);
  });

  test.each([
    ['the folder', both(adminsFolder.replace('O:BA', `O:${person}`), adminsFile), folder],
    ['the file', both(adminsFolder, `${adminsFile}(A;;FA;;;WD)`), file],
  ])('names who else can change it: %s', async (_, answers, path) => {
    expect(await changedByOthers(system(answers).windows, file)).toBe(path);
  });

  test.each([folder, file])('behind a link does not count: %s', async (link) => {
    expect(await changedByOthers(system(both(adminsFolder, adminsFile), [link]).windows, file)).toBe(link);
  });

  test.each([
    ['PowerShell is blocked', {}],
    ['it says nothing', { powershell: '' }],
    ['it says one of two', { powershell: adminsFolder }],
    ['it says something else', { powershell: 'Ausnahme\r\nFehler' }],
  ])('cannot be checked if %s', async (_, answers) => {
    expect(await rejectionOf(changedByOthers(system(answers).windows, file))).toBeInstanceOf(Error);
  });

  test('that cannot be checked is invalid, and says so', async () => {
    await using at = await temporaryFolder();
    await mkdir(join(at.path, 'p'));
    const path = join(at.path, 'p', 'policy.json');
    await writeFile(path, '{"allowCliCache":false}');
    const blocked = Object.assign(new Error('blocked'), { code: 'EPERM' });
    const read = createPolicyFile(
      { path, owner: undefined, changedByOthers: () => Promise.reject(blocked) },
      fakeLog(),
    );
    const problem = { kind: 'notChecked', code: 'EPERM' };
    expect(await read()).toMatchObject({ state: 'broken', policy: {}, files: [{ problem }] });
  });
});

test.each(['G:', 'O:BAG:', 'D:', '(A;;', '('])(
  'A13: checks a 100 KB descriptor of %s in linear time',
  (kind) => {
    const descriptor = `O:${kind.repeat(100_000 / kind.length)}`;
    expect(quickest(() => canOthersChange(descriptor, 'file'), 500)).toBeLessThan(500);
  },
);
