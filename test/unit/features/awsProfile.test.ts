import { describe, expect, test } from 'vitest';
import { awsProfile } from '../../../src/features/awsProfile.ts';

const facts = {
  accountId: '111122223333',
  roleName: 'ReadOnly',
  accountName: 'Development & Test',
  region: 'eu-central-1',
  account: 'd-1234567890.awsapps.com',
  ssoSession: undefined,
};

describe('awsProfile', () => {
  test('asks sso-token, by the account of the session', () => {
    expect(awsProfile('', facts)).toEqual({
      name: 'development-test-readonly',
      isThere: false,
      lines: [
        '[profile development-test-readonly]',
        'region = eu-central-1',
        'credential_process = sso-token "d-1234567890.awsapps.com" --aws-credentials --account 111122223333 --role ReadOnly',
      ],
    });
  });

  test('uses the AWS CLI’s own session where the sign-in is shared with it', () => {
    expect(awsProfile('', { ...facts, ssoSession: 'work' }).lines.slice(2)).toEqual([
      'sso_session = work',
      'sso_account_id = 111122223333',
      'sso_role_name = ReadOnly',
    ]);
  });

  test('finds the one that it added before, also with another region', () => {
    const { lines } = awsProfile('', facts);
    const config = `[default]\nregion = us-east-1\n\n${lines.join('\r\n').replace('eu-central-1', 'us-west-2')}\n`;
    expect(awsProfile(config, facts)).toMatchObject({ name: 'development-test-readonly', isThere: true });
  });

  test('takes another name where the person has a profile of this name, which stays as it is', () => {
    const config =
      '[profile development-test-readonly]\nregion = x\n[profile "development-test-readonly-2"]\n';
    expect(awsProfile(config, facts)).toMatchObject({ name: 'development-test-readonly-3', isThere: false });
  });

  test('a name of an account or a session writes no other line', () => {
    const { lines } = awsProfile('', { ...facts, accountName: 'x]\n[default', account: 'a"\\b' });
    expect(lines[0]).toBe('[profile x-default-readonly]');
    expect(lines[2]).toContain('sso-token "a\\"\\\\b" --aws');
    expect(awsProfile('', { ...facts, accountName: '日本' }).name).toBe('aws-readonly');
    expect(awsProfile('', { ...facts, accountName: '' }).name).toBe('111122223333-readonly');
  });
});
