import { describe, expect, test } from 'vitest';
import { awsProfile, withProfile } from '../../../src/features/awsProfile.ts';

const facts = {
  accountId: '111122223333',
  roleName: 'ReadOnly',
  accountName: 'Development & Test',
  region: 'eu-central-1',
  command: 'sso-token',
  account: 'd-1234567890.awsapps.com',
  sessionId: 'b2f0',
  ssoSession: undefined,
};

describe('awsProfile', () => {
  test("calls sso-token with the session's account", () => {
    expect(awsProfile('', facts)).toEqual({
      name: 'development-test-readonly',
      isThere: false,
      isReplaced: false,
      lines: [
        '[profile development-test-readonly]',
        'region = eu-central-1',
        '# sso-token works only in terminals of the editor, while Use in Terminal is on.',
        'credential_process = sso-token d-1234567890.awsapps.com --aws-credentials --account 111122223333 --role ReadOnly',
      ],
    });
  });

  test('on Windows names a program that the AWS CLI can start, also when replacing a profile', () => {
    const old = awsProfile('', facts).lines.join('\n');
    const onWindows = { ...facts, command: 'sso-token.cmd' };
    const { name, lines, isReplaced } = awsProfile(old, onWindows);
    expect({ name, isReplaced }).toEqual({ name: 'development-test-readonly', isReplaced: true });
    expect(lines.at(-1)).toMatch(/^credential_process = sso-token\.cmd d-1234567890\.awsapps\.com --aws/);
    expect(awsProfile(withProfile(old, lines), onWindows).isThere).toBe(true);
  });

  test.each([
    ...[
      'Ada Lovelace',
      'R&D',
      'a"b',
      'a\\b',
      '%PATH%',
      '$(id)',
      '`id`',
      'a;id',
      'a|id',
      'a^b',
      "a'b",
      '--help',
      'José',
      '',
    ],
  ])('omits a name with shell metacharacters from the command: %s', (account) => {
    for (const command of ['sso-token', 'sso-token.cmd'])
      expect(awsProfile('', { ...facts, command, account }).lines.at(-1)).toBe(
        `credential_process = ${command} b2f0 --aws-credentials --account 111122223333 --role ReadOnly`,
      );
  });

  test.each(['ada@example.com', 'ada.lovelace+work@example.com', 'https://d-1.awsapps.com/start'])(
    'omits a name with quotation marks, which the AWS SDK for Go mishandles on Windows: %s',
    (account) => {
      expect(awsProfile('', { ...facts, account }).lines.at(-1)).toContain(` = sso-token ${account} --aws`);
    },
  );

  test('replaces a profile of an earlier version with quotation marks', () => {
    const old = awsProfile('', facts).lines.join('\n').replace(facts.account, `"${facts.account}"`);
    const { lines, isThere, isReplaced } = awsProfile(old, facts);
    expect({ isThere, isReplaced }).toEqual({ isThere: false, isReplaced: true });
    expect(withProfile(old, lines)).toBe(awsProfile('', facts).lines.join('\n'));
  });

  test('uses the AWS CLI’s own session if the sign-in is shared with it', () => {
    expect(awsProfile('', { ...facts, ssoSession: 'work' }).lines.slice(2)).toEqual([
      'sso_session = work',
      'sso_account_id = 111122223333',
      'sso_role_name = ReadOnly',
    ]);
  });

  test('finds the profile that it added before, also with another Region', () => {
    const { lines } = awsProfile('', facts);
    const config = `[default]\nregion = us-east-1\n\n${lines.join('\r\n').replace('eu-central-1', 'us-west-2')}\n`;
    expect(awsProfile(config, facts)).toMatchObject({ name: 'development-test-readonly', isThere: true });
  });

  test('uses another name if the user has a profile with this name, which is unchanged', () => {
    const config =
      '[profile development-test-readonly]\nregion = x\n[profile "development-test-readonly-2"]\n';
    expect(awsProfile(config, facts)).toMatchObject({ name: 'development-test-readonly-3', isThere: false });
  });

  test('does not add a second profile for the same account and role after sharing with the AWS CLI', () => {
    const before = '[default]\nregion = x\n\n';
    const old = [...awsProfile('', facts).lines, 'output = json', ''];
    const config = `${before}${old.join('\n')}\n[profile mine]\nregion = y\n`;
    const found = awsProfile(config, { ...facts, ssoSession: 'work' });
    const lines = [
      '[profile development-test-readonly]',
      'region = eu-central-1',
      'output = json',
      'sso_session = work',
      'sso_account_id = 111122223333',
      'sso_role_name = ReadOnly',
    ];
    expect(found).toEqual({ name: 'development-test-readonly', lines, isThere: false, isReplaced: true });
    const after = withProfile(config, found.lines);
    expect(after).toBe(`${before}${lines.join('\n')}\n\n[profile mine]\nregion = y\n`);
    expect(awsProfile(after, { ...facts, ssoSession: 'work' })).toMatchObject({ isThere: true });
    const back = awsProfile(after, facts);
    expect(back).toMatchObject({ name: 'development-test-readonly', isReplaced: true });
    expect(awsProfile(withProfile(after, back.lines), facts)).toMatchObject({ isThere: true });
  });

  test('keeps the indentation of a multi-line option when it replaces the profile', () => {
    const own = [
      'region = eu-west-1',
      's3 =',
      '  # Mine',
      '  max_concurrent_requests = 20',
      '  addressing_style = path',
      'output = json',
    ];
    const config = [
      '[profile development-test-readonly]',
      ...own,
      'sso_session=old',
      'sso_account_id  = 111122223333',
      'sso_role_name = ReadOnly',
    ].join('\n');
    const found = awsProfile(config, facts);
    expect(found.isReplaced).toBe(true);
    expect(found.lines.slice(1, -2)).toEqual(own);
    expect(withProfile(config, found.lines)).toBe(found.lines.join('\n'));
  });

  test('removes all previous credential sources of an indented profile', () => {
    const config = `[profile development-test-readonly]
      output = json
      sso_session = old
      sso_account_id = 111122223333
      sso_role_name = ReadOnly`;
    const { lines, isReplaced } = awsProfile(config, facts);
    expect(isReplaced).toBe(true);
    expect(lines[1]?.trim()).toBe('output = json');
    expect(lines.join('\n')).not.toContain('sso_session');
  });

  test("keeps a file's line ends", () => {
    const config = awsProfile('', facts).lines.join('\r\n');
    const { lines } = awsProfile(config, { ...facts, ssoSession: 'work' });
    expect(withProfile(config, lines)).toBe(lines.join('\r\n'));
  });

  test('the name of an account or session cannot add lines', () => {
    const { lines } = awsProfile('', { ...facts, accountName: 'x]\n[default', account: 'a\n[b]' });
    expect(lines[0]).toBe('[profile x-default-readonly]');
    expect(lines[3]).toContain(' = sso-token b2f0 --aws');
    expect(awsProfile('', { ...facts, accountName: '日本' }).name).toBe('aws-readonly');
    expect(awsProfile('', { ...facts, accountName: '' }).name).toBe('111122223333-readonly');
  });
});

describe('awsProfile: F6: a profile as other programs write it', () => {
  const name = 'development-test-readonly';
  test.each([
    [`[profile '${name}']`],
    [`[profile "${name}"]`],
    [`[profile   ${name}]`],
    [`[profile\t${name} ]`],
    [`  [profile "${name}"]  # mine`],
    [`[profile development-"test"-readonly]`],
  ])('%s is the same profile', (header) => {
    const [, ...values] = awsProfile('', facts).lines;
    const config = `${header}\n${values.join('\n')}\n`;
    expect(awsProfile(config, facts)).toMatchObject({ name, isThere: true });
    const replaced = awsProfile(config, { ...facts, ssoSession: 'work' });
    expect(replaced).toMatchObject({ name, isReplaced: true });
    const after = withProfile(config, replaced.lines);
    expect(after.startsWith(`${header}\nregion = eu-central-1\nsso_session = work\n`)).toBe(true);
    expect(after).not.toContain('credential_process');
  });

  test.each([
    `[profile 'Acme (Dev)']`,
    `[profile "Ana's"]`,
    `[profile R&D]`,
    `[profile a b]`,
    `[ profile ${name} ]`,
  ])('%s is another profile, and is unchanged', (header) => {
    expect(awsProfile(`${header}\nregion = x\n`, facts)).toMatchObject({
      name,
      isThere: false,
      isReplaced: false,
    });
  });

  test.each([
    'sso_account_id=111122223333',
    'SSO_Account_ID : 111122223333',
    'sso_account_id   =   111122223333',
  ])('does not add a line again that says %s', (line) => {
    const config = `[profile ${name}]\nsso_session=work\n${line}\nsso_role_name: ReadOnly\n`;
    expect(awsProfile(config, { ...facts, ssoSession: 'work' })).toMatchObject({ name, isThere: true });
    expect(awsProfile(config, facts)).toMatchObject({ name, isReplaced: true });
    expect(awsProfile(config, facts).lines.join()).not.toMatch(/sso_account|sso_role/i);
  });
});
