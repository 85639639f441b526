import { describe, expect, test, vi } from 'vitest';

import type { EditorEnvironment } from '../../../../src/features/editorEnvironment.ts';
import { sharingConsentText } from '../../../../src/shell/awsCli/sharingConsentText.ts';
import { identityCenterSession, registration, tokenSet } from '../../fakes/examples.ts';

vi.mock('vscode', async () => import('../../fakes/vscode.ts'));

const host: EditorEnvironment = { ui: 'desktop', remoteName: undefined, runs: 'ui' };
const sharing = {
  session: identityCenterSession,
  place: {
    hostName: 'devbox',
    pathOf: (name: string) => `~/.aws/sso/cache/${name}.json`,
    shown: (path: string) => path.replace('/home/ana', '~'),
  },
  file: '/home/ana/.aws/config',
  problems: [],
  name: 'my-company',
  found: undefined,
  host,
};
const found = {
  ...{ startUrl: '', region: '', accessToken: '', expiresAt: 0, clientSecret: '', registrationExpiresAt: 0 },
  ...{ clientId: registration.clientId, writtenAt: 0 },
};
const elsewhere = 'remote window runs on another computer and can’t use this file';
const replaced = 'This replaces the AWS CLI’s own sign-in there.';

test('says which tokens go where, on which machine, under which name, for how long, and who can read them', () => {
  const [first, second] = sharingConsentText(sharing).split('\n\n');
  expect(first).toBe(
    'The tokens of Example are saved in ~/.aws/sso/cache/my-company.json on devbox as the sso-session my-company, and kept up to date until you sign out or stop sharing.',
  );
  expect(second).toBe('Any program that you run on devbox can read this file and act as you.');
});

describe('sharingConsentText: the terminal', () => {
  test.each([
    ['of a window on this machine sees the file', host, false],
    ['of a remote window does not', { ...host, remoteName: 'ssh-remote' }, true],
    [
      'sees it where the extension runs there too',
      { ...host, remoteName: 'ssh-remote', runs: 'workspace' },
      false,
    ],
  ] as const)('%s', (_, where, isElsewhere) => {
    expect(sharingConsentText({ ...sharing, host: where }).includes(elsewhere)).toBe(isElsewhere);
  });
});

describe('sharingConsentText: an existing sign-in', () => {
  test.each([
    ['of the CLI’s own is said to be replaced', { ...found, clientId: 'the-cli' }, true],
    ['of this session is not', found, false],
    ['that cannot be read has no owner', 'unreadable', false],
  ] as const)('%s', (_, there, isReplaced) => {
    expect(sharingConsentText({ ...sharing, found: there }).includes(replaced)).toBe(isReplaced);
  });
});

test('without the scope for accounts, says what the CLI cannot do with it', () => {
  const text = /needs the scope sso:account:access.*to the connection “Example”/;
  expect(sharingConsentText(sharing)).toMatch(text);
  const scopes = [...tokenSet.scopes, 'sso:account:access'];
  const session = { ...identityCenterSession, tokenSet: { ...tokenSet, scopes } };
  expect(sharingConsentText({ ...sharing, session })).not.toMatch(text);
});

test('F6: lists some parts of the configuration that the AWS CLI does not read', () => {
  const problems = [
    { line: 4, reason: 'sectionName', section: 'sso-session Acme Dev' },
    { line: 9, reason: 'duplicateSection' },
    ...Array.from({ length: 5 }, () => ({ line: 20, reason: 'noDelimiter' }) as const),
  ] as const;
  expect(
    sharingConsentText({ ...sharing, problems })
      .split('\n\n')
      .slice(-4),
  ).toEqual([
    'The AWS CLI ignores [sso-session Acme Dev]: a name with spaces needs quotes, as in [sso-session "Acme Dev"].',
    'The AWS CLI can’t read ~/.aws/config: line 9 repeats a section.',
    'The AWS CLI can’t read ~/.aws/config: line 20 has no “=”.',
    '4 more problems in this file.',
  ]);
});
