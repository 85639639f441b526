import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findSsoSessions } from '../../../../src/adapters/node/awsConfig.ts';
import { parseAwsConfig } from '../../../../src/adapters/node/awsConfigText.ts';
import { anyString } from '../../fakes/anyString.ts';
import { temporaryFolder } from '../../fakes/temporaryFolder.ts';
import { quickest } from '../../fakes/quickest.ts';

/** A file, and botocore's result for it (`awsConfig/askBotocore.py`). */
interface Case {
  readonly name: string;
  readonly text?: string;
  /** If the bytes are not UTF-8 or start with a byte order mark. */
  readonly base64?: string;
  readonly error?: string;
  readonly sessions?: Readonly<Record<string, Readonly<Record<string, string | object>>>>;
}

const folder = join(import.meta.dirname, 'awsConfig');
const cases = JSON.parse(await readFile(join(folder, 'botocoreCases.json'), 'utf8')) as readonly Case[];
const bytesOf = ({ text = '', base64 }: Case): Buffer =>
  base64 === undefined ? Buffer.from(text) : Buffer.from(base64, 'base64');

/** Python with botocore (Debian's `python3-botocore`), if this machine has it. */
const python = ['python3', '/usr/bin/python3'].find(
  (command) => spawnSync(command, ['-c', 'import botocore']).status === 0,
);

describe('parseAwsConfig: F6: reads the configuration as botocore does', () => {
  test.each(cases)('$name', async (given) => {
    await using place = await temporaryFolder();
    const path = join(place.path, 'config');
    await writeFile(path, bytesOf(given));
    const { sections, problems = [] } = await findSsoSessions(path);
    const refusals = problems.filter(({ section }) => section === undefined);
    // On Windows, botocore uses the system's code page.
    if (process.platform === 'win32' && given.name === 'Windows-1252') return;
    if (given.sessions === undefined) {
      expect(refusals).not.toEqual([]);
      return;
    }
    expect(refusals).toEqual([]);
    const scopesOf = (value: string | object = ''): readonly string[] =>
      typeof value === 'string'
        ? value
            .split(',')
            .map((one) => one.trim())
            .filter((one) => one !== '')
        : [];
    expect(sections).toEqual(
      Object.entries(given.sessions).map(([name, values]) => ({
        name,
        startUrl: values['sso_start_url'] ?? '',
        region: values['sso_region'] ?? '',
        scopes: scopesOf(values['sso_registration_scopes']),
      })),
    );
  });

  if (python !== undefined)
    test("the expected values equal botocore's results on this machine", () => {
      const input = JSON.stringify(cases.map((one) => bytesOf(one).toString('base64')));
      const { stdout, stderr } = spawnSync(python, [join(folder, 'askBotocore.py')], {
        input,
        encoding: 'utf8',
        env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', PYTHONUTF8: '1' },
      });
      expect(stderr).toBe('');
      expect(JSON.parse(stdout)).toEqual(
        cases.map(({ error, sessions }) => (error === undefined ? { sessions } : { error })),
      );
    });
});

const start = 'sso_start_url = https://d-1234567890.awsapps.com/start\nsso_region = eu-west-1\n';
const session = (header: string): string => `[${header}]\n${start}`;

describe('parseAwsConfig: F6: reports the line that the CLI rejects', () => {
  test.each([
    ['x = y\n', { line: 1, reason: 'noSection' }],
    [`${session('sso-session a')}scopes\n`, { line: 4, reason: 'noDelimiter' }],
    [`${session('sso-session a')}= x\n`, { line: 4, reason: 'emptyKey' }],
    [session('sso-session a').repeat(2), { line: 4, reason: 'duplicateSection' }],
    [`${session('sso-session a')}sso_region = x\n`, { line: 4, reason: 'duplicateKey' }],
    [`${session('sso-session a')}scopes =\n  x\n`, { line: 4, reason: 'nestedValue' }],
    [session('sso-session Acme Dev'), { line: 1, reason: 'sectionName', section: 'sso-session Acme Dev' }],
    [session('sso-session'), { line: 1, reason: 'sectionName', section: 'sso-session' }],
    [session("sso-session Ana's"), { line: 1, reason: 'sectionQuote', section: "sso-session Ana's" }],
    [session('SSO-Session a'), { line: 1, reason: 'sectionSpelling', section: 'SSO-Session a' }],
    [session('sso_session a'), { line: 1, reason: 'sectionSpelling', section: 'sso_session a' }],
    [session(' sso-session a'), { line: 1, reason: 'sectionSpelling', section: ' sso-session a' }],
  ])('%j', (text, problem) => {
    expect(parseAwsConfig(text).problems[0]).toEqual(problem);
  });

  test('reads and reports a file in another encoding', async () => {
    await using place = await temporaryFolder();
    const path = join(place.path, 'config');
    for (const [mark, encoding] of [
      [[0xef, 0xbb, 0xbf], 'utf8'],
      [[0xff, 0xfe], 'utf16le'],
      [[], 'utf16le'],
    ] as const) {
      await writeFile(
        path,
        Buffer.concat([Buffer.from(mark), Buffer.from(session("sso-session 'Ä b'"), encoding)]),
      );
      expect(await findSsoSessions(path)).toMatchObject({
        sections: [{ name: 'Ä b', region: 'eu-west-1' }],
        problems: [{ line: 1, reason: 'encoding' }],
      });
    }
  });

  test('merges duplicate sections, as the SDKs do', () => {
    const text = `[sso-session a]\nsso_start_url = x\n[sso-session a]\nsso_region = y\n`;
    const values = parseAwsConfig(text).ssoSessions.get('a');
    expect([values?.('sso_start_url'), values?.('sso_region')]).toEqual(['x', 'y']);
  });
});

describe('parseAwsConfig: F6: arbitrary text', () => {
  const piece = fc.oneof(
    anyString(12),
    fc.constantFrom('[', ']', '\n', '\r\n', '=', ':', '  ', '\t', '#', ';', "'", '"', '\\'),
    fc.constantFrom('[sso-session a]\n', '[DEFAULT]\n', 'sso_region = x\n', '  deeper\n', 'key =\n'),
  );

  test('is read without an error', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const { ssoSessions, problems } = parseAwsConfig(pieces.join(''));
        for (const valueOf of ssoSessions.values()) valueOf('sso_region');
        expect(problems.every(({ line }) => line >= 1)).toBe(true);
      }),
    );
  });

  test.each([
    '[',
    ']',
    '[sso-session a]',
    '[sso-session a]\nx=',
    'x=\n',
    ' ',
    '\n',
    '[a]\nx=y\n  ',
    '\\',
    '"',
    '[sso-session "',
    '[DEFAULT]\ns3 =\n  x\n[a]\n',
    '\ufeff',
  ])('reads repeated %j in linear time', (unit) => {
    const took = (length: number): number => {
      const text = `[sso-session b]\nsso_region = ${unit.repeat(Math.ceil(length / unit.length))}`;
      return quickest(() => {
        parseAwsConfig(text);
        parseAwsConfig(text.slice(29));
      }, 1000);
    };
    // A quadratic parser would take minutes; both take about 10 ms.
    expect(took(1024 * 1024)).toBeLessThan(1000);
  });
});
